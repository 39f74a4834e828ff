"""Certificates on paper in words."""

from flask_babel import lazy_gettext as _

from lms.domain.papers import Tone

TONES = {
    Tone.GREEN: _("墨绿"),
    Tone.RED: _("大红"),
    Tone.BLUE: _("藏蓝"),
    Tone.BROWN: _("棕色"),
}
SENTENCES = {
    "paper_title_length": _("标题请写 2 到 %(longest)s 个字。"),
    "paper_title_reserved": _("标题里不能有“%(word)s”。培训机构发的是培训合格证书，不是国家的职业资格或技能等级证书。"),
    "paper_words_length": _("正文最多 %(longest)s 个字。"),
    "paper_signer_length": _("签字的地方最多写 %(longest)s 个字。"),
    "paper_note_length": _("底部说明最多 %(longest)s 个字。"),
    "paper_personal": _("样式是全班共用的，不要写电话、证件号码或看不见的符号。"),
    "paper_sign_missing": _("这些字我们打印不出来：%(signs)s。请换一个写法。"),
    "paper_not_drawn": _("这份证书现在做不出来：%(why)s。请联系您的培训机构。"),
    "papers_nobody": _("班里还没有人结业。有了结业记录，才能做证书。"),
}
