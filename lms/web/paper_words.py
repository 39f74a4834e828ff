"""Certificates on paper in words."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.papers import KIND, Tone

TONES = {
    Tone.GREEN: _("墨绿"),
    Tone.RED: _("大红"),
    Tone.BLUE: _("藏蓝"),
    Tone.BROWN: _("棕色"),
}
SENTENCES = {
    "paper_title_length": _("标题请写 2 到 %(longest)s 个字。"),
    "paper_title_reserved": _("标题里不能有“%(word)s”。培训机构发的是培训合格证书，不是国家的职业资格或技能等级证书。"),
    "paper_words_reserved": _("正文里不能有“%(word)s”。培训机构发的是培训合格证书，不是国家的职业资格或技能等级证书。"),
    "paper_signer_reserved": _("签字的地方不能有“%(word)s”。请写您机构里签字的人。"),
    "paper_note_reserved": _(
        "底部说明里不能有“%(word)s”。培训机构发的是培训合格证书，不是国家的职业资格或技能等级证书。"
    ),
    "paper_words_length": _("正文最多 %(longest)s 个字。"),
    "paper_signer_length": _("签字的地方最多写 %(longest)s 个字。"),
    "paper_note_length": _("底部说明最多 %(longest)s 个字。"),
    "paper_personal": _("样式是全班共用的，不要写电话、证件号码或看不见的符号。"),
    "paper_sign_missing": _("这些字我们打印不出来：%(signs)s。请换一个写法。"),
    "paper_changed": _("这份记录的内容与签发时的摘要对不上，请联系签发机构。"),
    "paper_superseded": _("这份结业记录已经有新的代替，请下载新记录的证书。"),
    "paper_revoked": _("这份结业记录已经撤销，不能再下载证书。有疑问请联系您的培训机构。"),
    "paper_expired": _("这份结业记录已经过了有效期，不能再下载证书。复训以后会有新的。"),
    "paper_old": _("这份记录比较早，里面缺少证书要写的内容，做不了证书。请联系您的培训机构。"),
    "paper_erased": _("您的姓名和证件号码已经删除，做不了证书。记录还可以用查验码查验。"),
    "paper_signs": _("您名字里有我们打印不出来的字：%(signs)s。请联系您的培训机构。"),
    "archives_making": _("这家机构已经有 %(most)s 份档案或证书正在做。请等其中一份做好，再要新的。"),
    "archives_day": _("这家机构今天已经要过 %(most)s 份档案或证书。做好的一周内都可以再下载，新的请明天再要。"),
    "papers_nobody": _("班里还没有能做证书的结业记录。"),
}


def kind(serial: str) -> str:
    """What a ledger calls it (证书种类): a record has a certificate once that has its number."""
    return str(gettext(KIND) if serial else gettext("结业记录"))
