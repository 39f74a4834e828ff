"""Sentences about rosters: columns, states, what is wrong with a cell and what to do about it."""

from flask_babel import lazy_gettext as _

from lms.domain.roster_columns import Field
from lms.web import identity_words

FIELDS = {
    Field.NAME: _("姓名"),
    Field.NUMBER: _("证件号码"),
    Field.PHONE: _("手机号"),
    Field.DOCUMENT_TYPE: _("证件类型"),
    Field.GENDER: _("性别"),
    Field.AGE: _("年龄"),
    Field.BIRTH: _("出生日期"),
    Field.VALID_UNTIL: _("证件有效期"),
    Field.CATEGORY: _("人员类别"),
    Field.EDUCATION: _("文化程度"),
    Field.ETHNICITY: _("民族"),
    Field.HOUSEHOLD: _("户口性质"),
    Field.EMPLOYER: _("工作单位"),
    Field.PROMISED: _("就业承诺单位"),
}
DOCUMENTS = identity_words.DOCUMENTS
STATES = {
    "reading": _("正在读文件"),
    "read": _("等您核对各列"),
    "refused": _("读不了"),
    "checking": _("正在检查"),
    "checked": _("已检查，还没有导入"),
    "importing": _("正在导入"),
    "imported": _("已导入"),
    "undoing": _("正在撤销"),
    "undone": _("已撤销"),
    "dropped": _("没有导入，文件已删除"),
}
ROW_STATES = {
    "read": _("还没有检查"),
    "good": _("可以导入"),
    "there": _("已经在班里"),
    "twin": _("重复的行"),
    "bad": _("要改"),
    "skipped": _("不是学员"),
    "done": _("已导入"),
    "failed": _("没有导入"),
    "undone": _("已撤销"),
    "kept": _("留下了"),
}
KINDS = {
    "trouble": _("要改的"),
    "warned": _("请看一眼"),
    "good": _("可以导入的"),
    "there": _("已经在班里的"),
    "twin": _("重复的"),
    "skipped": _("没有当作学员的行"),
    "kept": _("留下的"),
}
SENTENCES = {
    "roster_empty": _("文件里没有找到学员。请检查是不是选对了文件。"),
    "roster_column_missing": _("姓名、证件号码、手机号都要选一列。"),
    "roster_column_twice": _("有一项内容选了两列，请只留一列。"),
    "roster_moved_on": _("这个文件已经到了下一步，请刷新页面。"),
    "roster_nothing_good": _("没有可以导入的行。请改好文件再传一次。"),
    "roster_rows_bad": _("还有 %(count)s 行要改，不能全部导入。请改好文件再传一次，或者只导入没有问题的。"),
    "roster_none_imported": _("导入时有的行不成功，您选的是全部导入，所以一行也没有导入。请看要改的行。"),
    "roster_too_many_differ": _(
        "一天里有 %(most)s 个以上的姓名和登记的不一样。请先核对整份花名册的姓名和证件号码，是不是有一列错了行。"
    ),
    "roster_too_many_phones": _(
        "一天里有 %(most)s 个以上的手机号和登记的不一样。请先核对手机号这一列，是不是选错了列、错了行。"
    ),
    "roster_digits_lost": _(
        "Excel 把号码当成了数字，后面几位已经丢了，找不回来。请把这一列设成“文本”格式，对着证件重新输入。"
    ),
    "roster_number_missing": _("没有证件号码，请补上。"),
    "roster_document_type": _("没有认出证件类型。请照证件上的名称写，例如“居民身份证”“港澳台居民居住证”或“护照”。"),
    "roster_phone_missing": _("没有手机号。学员要用手机号登录，请补上。"),
    "roster_phones_several": _("写了两个号码。请只留学员本人登录用的那一个。"),
    "roster_two_names": _("和第 %(row)s 行是同一个证件号码，姓名却不一样。请对着证件核对，留下对的一行。"),
    "roster_twin": _("和第 %(row)s 行是同一个人，只导入一次。"),
    "roster_phone_shared": _(
        "和第 %(row)s 行用同一个手机号。可以导入，但一个手机号只能一个人登录：请另要一个手机号，改好再导入一次。"
    ),
    "roster_phone_taken": _(
        "这个手机号已经有别人登录用。可以导入，但她暂时不能登录：请另要一个手机号，改好再导入一次。"
    ),
    "roster_phone_added": _("她已经在班里，还没有登录的手机号，这次补上。"),
    "roster_young": _("开班那天 %(age)s 岁，不满 %(least)s 岁。请核对证件，确认可以参加培训。"),
    "roster_gender_differs": _("性别和证件号码对不上，请核对。"),
    "roster_age_differs": _("年龄和证件号码对不上，请核对。"),
    "roster_birth_differs": _("出生日期和证件号码对不上，请核对。"),
    "roster_document_expired": _("证件开班前已经过期，请核对。"),
    "roster_day_unclear": _("看不懂这个日期，没有核对。"),
}
