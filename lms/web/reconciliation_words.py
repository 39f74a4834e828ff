"""Sentences about bank statements, reconciliation and internal control."""

from flask_babel import lazy_gettext as _

from lms.domain.funds.controls import Sharing, Subject, Thing
from lms.domain.funds.reconciliation import DifferenceKind, MatchedBy
from lms.domain.funds.statement_columns import Column
from lms.web import fund_words

FUNDS = fund_words.FUNDS
COLUMNS = {
    Column.DAY: _("交易日期"),
    Column.WORDS: _("摘要"),
    Column.IN: _("收入（贷方）"),
    Column.OUT: _("支出（借方）"),
    Column.AMOUNT: _("金额"),
    Column.SIDE: _("借贷标志"),
    Column.BALANCE: _("余额"),
    Column.NAME: _("对方户名"),
    Column.ACCOUNT: _("对方账号"),
    Column.SERIAL: _("流水号"),
    Column.RECEIPT: _("回单号"),
}
FAULTS = {
    "statement_day": _("没有认出日期。请写成 2026-06-22 这样。"),
    "statement_amount": _("没有认出金额。请只写数字，最多两位小数。"),
    "statement_nothing": _("收入和支出都没有金额。"),
    "statement_both": _("收入和支出都有金额，只能有一个。"),
    "statement_side": _("没有认出是收入还是支出。请写“借”或“贷”。"),
    "statement_account_lost": _("Excel 把账号当成了数字，后面几位已经丢了。请把这一列设成“文本”格式，重新从网银下载。"),
}
MATCHED = {
    MatchedBy.RECEIPT: _("按回单号对上"),
    MatchedBy.BULK: _("银行一笔、账上多笔，按回单号合计对上"),
    MatchedBy.DAY: _("按金额、日期和账号尾号对上"),
    MatchedBy.NEAR: _("按金额和账号尾号对上，日期差几天"),
}
DIFFERENCES = {
    DifferenceKind.BANK_ONLY: _("银行有，账上没有"),
    DifferenceKind.LEDGER_ONLY: _("账上有，银行没有"),
    DifferenceKind.AMOUNT: _("同一张回单，两边金额不同"),
    DifferenceKind.PERIOD: _("另一边记在别的月份"),
}
SUBJECTS = {
    Subject.CLAIM: _("补贴申请"),
    Subject.BATCH: _("拨付批次"),
    Subject.APPROPRIATION: _("资金拨入"),
    Subject.CLAWBACK: _("追回"),
    Subject.RECONCILIATION: _("对账表"),
}
STEPS = {
    "make": _("编制"),
    "file": _("提交"),
    "pass_first": _("初审"),
    "pass_second": _("复审"),
    "refuse": _("不予通过"),
    "money_enter": _("登记拨入"),
    "money_confirm": _("确认拨入"),
    "batch_plan": _("编制批次"),
    "batch_check": _("复核批次"),
    "claw_propose": _("提出追回"),
    "claw_decide": _("决定追回"),
    "prepare": _("编制对账表"),
    "sign": _("复核签认"),
}
THINGS = {Thing.ACCOUNT: _("银行账号"), Thing.DEVICE: _("设备"), Thing.PHONE: _("手机号")}
SHARINGS = {
    Sharing.TWO_STEPS: _("同一件事的两个经办人共用"),
    Sharing.STAFF_AND_PAYEE: _("经办人或机构和领补贴的人共用"),
    Sharing.ACROSS_INSTITUTIONS: _("不同机构领补贴的人共用"),
}
SENTENCES = {
    "statement_empty": _("文件里没有流水。请从网银下载这个账户的交易明细，再传一次。"),
    "statement_columns": _("没有认出必需的列：要有交易日期，还要有收入和支出两列，或者一列金额。请看表头是不是完整。"),
    "statement_faults": _("有 %(count)s 处看不懂，一行也没有导入。请先点“先检查”，看是哪一行哪一列，改好再导入。"),
    **FAULTS,
    "difference_words": _("请用文字说明差异原因，不超过 %(longest)s 个字，不要写证件号码、手机号。"),
    "difference_unexplained": _("还有 %(count)s 处差异没有说明。请先逐条写明原因，再编制对账表。"),
    "reconciliation_early": _("这个月还没有结束。月底过后才能编制和签认对账表。"),
    "reconciliation_signed": _("这个月的对账表已经签认，不能再改。"),
    "reconciliation_stale": _("编制以后账目、流水或说明有变动。请重新编制，再由另一位复核签认。"),
}
