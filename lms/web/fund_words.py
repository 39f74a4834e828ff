"""Sentences about subsidy money: funds, accounts, states, what a bank's answer got wrong and what to do about it."""

from flask_babel import lazy_gettext as _

from lms.domain.funds.accounts import Account, PostingKind
from lms.domain.funds.payments import BatchState, Decided, PaymentState
from lms.domain.subsidies import Fund, SubsidyKind

FUNDS = {
    Fund.ACTION: _("职业技能提升行动专账资金"),
    Fund.EMPLOYMENT: _("就业补助资金"),
    Fund.UNEMPLOYMENT: _("失业保险基金"),
    Fund.ENTERPRISE: _("企业职工教育经费"),
    Fund.OTHER: _("其他资金"),
}
KINDS = {
    SubsidyKind.TRAINING: _("职业培训补贴"),
    SubsidyKind.LIVING: _("生活费（含交通费）补贴"),
    SubsidyKind.APPRAISAL: _("职业技能评价补贴"),
}
ACCOUNTS = {
    Account.SOURCE: _("累计拨入"),
    Account.AVAILABLE: _("可用"),
    Account.OWED: _("应付（已复核）"),
    Account.TRANSIT: _("在途（已送银行）"),
    Account.PAID: _("已付"),
    Account.RETURNED: _("退回待重付"),
    Account.CLAWED_BACK: _("追回"),
}
BATCH_STATES = {
    BatchState.PLANNED: (_("等复核"), "warn"),
    BatchState.CHECKED: (_("已复核，等送银行"), "info"),
    BatchState.SENT: (_("已送银行，等回单"), "info"),
    BatchState.ANSWERED: (_("已全部回单"), "good"),
    BatchState.DROPPED: (_("已作废"), ""),
}
PAYMENT_STATES = {
    PaymentState.WAITING: (_("待付"), ""),
    PaymentState.PAID: (_("已付"), "good"),
    PaymentState.RETURNED: (_("退票"), "bad"),
    PaymentState.DROPPED: (_("已作废"), ""),
    PaymentState.CLAWED_BACK: (_("追回"), "warn"),
}
DECIDED = {
    Decided.PROPOSED: (_("等另一位决定"), "warn"),
    Decided.DECIDED: (_("已决定，等款项到账"), "info"),
    Decided.REFUSED: (_("没有同意"), ""),
    Decided.BOOKED: (_("已入账"), "good"),
    Decided.BACK: (_("已到账"), "good"),
}
POSTINGS = {
    PostingKind.PAID: (_("已付"), "good"),
    PostingKind.RETURNED: (_("退票"), "bad"),
    PostingKind.REPAID: (_("重付"), "good"),
    PostingKind.CLAWBACK: (_("追回"), "warn"),
}
ACTS = {
    "batch_plan": _("生成批次"),
    "batch_check": _("复核通过"),
    "batch_drop": _("作废"),
    "drop_ask": _("请求作废"),
    "drop_confirm": _("同意作废"),
    "drop_refuse": _("不同意作废"),
    "batch_send": _("送交银行"),
    "batch_answered": _("全部回单"),
    "answer_read": _("导入回单"),
    "answer_book": _("回单入账"),
}
SENTENCES = {
    "money_form": _("看不懂这个金额。请只写数字，例如 1,234.50。"),
    "money_bounds": _("金额太大了，请检查是不是多写了几位。"),
    "money_not_positive": _("金额要大于 0。"),
    "posting_empty": _("这笔账没有内容，没有入账。"),
    "posting_amount": _("这笔账的金额不对，没有入账。"),
    "posting_one_account": _("这笔账的转出和转入是同一个科目，没有入账。"),
    "funds_short": _("钱不够，还差一部分。请先登记拨入，或者少选几笔再生成批次。"),
    "funds_day_ahead": _("日期在今天以后，请检查。"),
    "funds_day_missing": _("请填写日期。"),
    "funds_receipt": _("请填写银行回单号，最多 %(longest)s 个字。"),
    "funds_decided": _("这一项已经有人处理过了，请刷新页面。"),
    "funds_same_human": _("经办和复核要是两个人。请另一位资金经办来做这一步。"),
    "funds_close_nothing": _("还没有可以关账的月份。"),
    "funds_close_early": _("这个月还没有结束，不能关账。"),
    "funds_close_again": _("这个月已经关账了。"),
    "funds_close_gap": _("要按顺序关账，下一个是 %(month)s。"),
    "appropriation_document": _("请填写拨款文号，最多 %(longest)s 个字。"),
    "batch_state": _("批次已经到了别的步骤，请刷新页面再看。"),
    "batch_stale": _("生成批次以后，有的账户或者金额变了，或者有的款项不该付了。请把批次作废，重新生成一个。"),
    "batch_empty": _("请至少勾选一笔。"),
    "batch_too_long": _("一个批次最多 %(most)s 笔，请分几次。"),
    "batch_fetched": _(
        "代发文件已经下载过，银行可能已经付款，一个人不能作废。请刷新页面，提出作废，由另一位资金经办决定。"
    ),
    "batch_drop_asked": _("有人请求作废这个批次，请先由另一位资金经办决定。"),
    "batch_note_missing": _("请写明为什么作废。"),
    "payment_taken": _("有的款项已经在别的批次里，或者清单变了。请刷新待付清单再选。"),
    "payment_double": _("同一个人同一职业等级的补贴已经付过或正在付，不能再付。请去掉那一笔，并转给审核人员。"),
    "payment_account_same": _(
        "有退票的款项，收款账号还没有改。请先请收款方更正；如果已经核对无误，请勾选“账号已核对”。"
    ),
    "bank_account_missing": _("第 %(place)s 笔没有收款账号，不能生成代发文件。"),
    "bank_file_sum": _("代发文件和批次的合计不一致，没有生成。请联系平台。"),
    "answer_columns": _("没有认出这几列：业务参考号、金额、状态、银行回单号、交易日期。请检查表头。"),
    "answer_empty": _("文件里没有找到回单。请检查是不是选对了文件。"),
    "answer_own_batch": _("这个批次是您生成的，回单要由另一位资金经办入账，例如复核这个批次的%(name)s。"),
    "answer_wrong": _("还有 %(count)s 行有问题，一行也没有入账。请让银行更正文件再导入。"),
    "answer_reference_missing": _("没有业务参考号。"),
    "answer_outcome": _("看不懂状态。请写“成功”或者“退票”。"),
    "answer_day": _("看不懂日期。请写成 2026-11-23 的样子。"),
    "answer_receipt": _("没有银行回单号，或者太长。"),
    "answer_reason_missing": _("退票没有写原因。"),
    "answer_unknown": _("这个业务参考号不在这个批次里。"),
    "answer_amount": _("金额不一致：回单是 %(told)s 元，应付是 %(owed)s 元。"),
    "answer_double": _("和第 %(first)s 行是同一笔。"),
    "answer_day_ahead": _("日期在今天以后。"),
    "answer_day_before": _("日期在送交银行（%(sent)s）以前。"),
    "answer_contradicts": _("和已经入账的不一致：回单号不同，或者这笔已经追回。请向银行核实。"),
    "clawback_reason": _("请写明追回的原因，最多 %(longest)s 个字。"),
    "clawback_personal": _("原因里请不要写身份证号、手机号。"),
    "clawback_not_paid": _("这笔不是已付状态，不能追回。"),
    "clawback_stands": _("这笔已经有人提出追回。"),
    "clawback_early": _("到账日期在付款日期以前，请检查。"),
}
