"""Documents, their states, changes of them and reveals in plain words. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.documents import DocumentType

SENTENCES = {
    "document_hk_macao_shape": _("港澳居民来往内地通行证是 H 或 M 加 8 位数字，请对着证件再看一遍。"),
    "document_taiwan_shape": _("台湾居民来往大陆通行证是 8 位数字，请对着证件再看一遍。"),
    "document_passport_shape": _("护照号码是 5 到 9 位字母和数字，前面可以写国家代码，例如 KOR/M12345678。"),
    "document_taken": _("这个证件号码刚刚登记过了。请刷新页面，再看一遍。"),
    "document_area_unknown": _(
        "前六位不在行政区划代码的编法里。号码的校验位是对的；老证件的代码可能已经改过，请对着证件再看一遍。"
    ),
    "document_old_number": _("登记的是 15 位老号码，已经换成 18 位。"),
    "document_old_card": _("旧版永久居留身份证，和新版同时有效。"),
    "document_country_missing": _("没有写签发国家。不同国家的护照号码可能一样，最好补上国家代码。"),
    "reveal_withheld": _("她不同意使用证件号码，所以看不到完整号码。需要的话，请她本人在“我的信息”里改成同意。"),
    "identity_own": _("不能改自己的身份信息，请让同事来做。"),
    "identity_second_person": _("提出修改的人不能自己核对，请让另一位工作人员来。"),
    "identity_for_platform": _("证件号码的修改由平台的工作人员核对。"),
    "identity_unchanged": _("和现在登记的一样，不用改。"),
    "identity_decided": _("这份修改已经有结论了。"),
    "identity_choose_living": _("请选以后用哪一份登记。"),
    "identity_moved_on": _("提出以后，登记的内容又改过了。请不通过，再按现在的内容重新提出。"),
    "identity_validity": _("有效期的开始要早于结束，最长 100 年。"),
    "identity_service_off": _("还没有接通权威核验服务，请联系平台管理员。"),
    "identity_asked": _("已经在核验了，请等结果。"),
    "identity_unavailable": _("核验服务暂时连不上，请稍后再试。"),
}

DOCUMENTS: Mapping[DocumentType, Any] = {
    DocumentType.RESIDENT_ID: _("居民身份证"),
    DocumentType.RESIDENCE_PERMIT: _("港澳台居民居住证"),
    DocumentType.PERMANENT_RESIDENT: _("外国人永久居留身份证"),
    DocumentType.HK_MACAO_PERMIT: _("港澳居民来往内地通行证"),
    DocumentType.TAIWAN_PERMIT: _("台湾居民来往大陆通行证"),
    DocumentType.PASSPORT: _("护照"),
}

STATES: Mapping[str, tuple[Any, str]] = {
    "unchecked": (_("未核验"), ""),
    "format": (_("格式通过"), ""),
    "confirmed": (_("权威核验通过"), "good"),
    "mismatch": (_("不一致"), "warn"),
}

STATE_NOTES: Mapping[str, Any] = {
    "unchecked": _("这种号码没有校验位，只看过位数。"),
    "format": _("号码的校验位和出生日期是对的。是不是本人，要看证件或者请权威核验。"),
    "confirmed": _("权威服务说，姓名和号码是同一个人的。"),
    "mismatch": _("权威服务说，姓名和号码对不上。请对着证件核对；核对期间照常学习。"),
}

OUTCOMES: Mapping[str | None, Any] = {
    None: _("正在核验"),
    "match": _("一致"),
    "mismatch": _("不一致"),
    "unknown": _("查不到，不能下结论"),
    "later": _("服务暂时不通，没有问成，可以稍后再问"),
    "unclear": _("问了没有回音。再问可能会再收一次费"),
}

KINDS: Mapping[str, Any] = {
    "name": _("更正姓名"),
    "number": _("更正证件号码"),
    "document": _("增加一种证件"),
}

DECISIONS: Mapping[str, tuple[Any, str]] = {"approved": (_("已通过"), "good"), "rejected": (_("没有通过"), "")}

SEXES: Mapping[str, Any] = {"male": _("男"), "female": _("女")}

FIELDS: Mapping[str | None, Any] = {
    "number": _("证件号码"),
    "phone": _("手机号"),
    "certificate": _("别处证书的编号"),
    None: _("全班名单里的证件号码和手机号"),
}

PURPOSES: Mapping[str | None, Any] = {
    "claim": _("申报补贴"),
    "certificate": _("制作或核对证书"),
    "contact": _("联系学员"),
    "check": _("核对证件或材料"),
    "authority": _("主管部门要求"),
    None: _("导出审核用完整名单"),
}


def state(decision: str | None) -> tuple[str, str]:
    """How far a change is, and the kind of its badge."""
    if decision is None:
        return gettext("等第二个人核对"), "warn"
    words, kind = DECISIONS[decision]
    return str(words), kind
