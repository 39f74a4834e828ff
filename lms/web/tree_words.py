"""The organisation tree in words: kinds, departments, what changed; and what the rules of it refuse."""

from flask_babel import lazy_gettext as _

from lms.domain.organisations import Department, Kind

KINDS = {
    Kind.CITY: _("市"),
    Kind.DISTRICT: _("区县"),
    Kind.DEPARTMENT: _("部门"),
    Kind.INSTITUTION: _("机构（还没选类别）"),
    Kind.TRAINING: _("培训机构"),
    Kind.SCHOOL: _("技工院校"),
    Kind.ENTERPRISE: _("企业"),
    Kind.SOCIAL_GROUP: _("社会团体"),
    Kind.TRAINING_BASE: _("公共实训基地"),
    Kind.ELDER_CARE: _("养老服务机构"),
    Kind.CHILD_WELFARE: _("儿童福利机构"),
    Kind.BRANCH: _("分支机构"),
}
DEPARTMENTS = {
    Department.LABOUR: _("人社"),
    Department.CIVIL_AFFAIRS: _("民政"),
    Department.FINANCE: _("财政"),
    Department.COMMERCE: _("商务"),
    Department.HEALTH: _("卫健"),
    Department.WOMEN: _("妇联"),
}
CHANGES = {
    "name": _("改名"),
    "kind": _("改类别"),
    "place": _("换上级"),
    "closed": _("停办"),
    "opened": _("恢复"),
}
SENTENCES = {
    "organisation_place_wrong": _("它不能放在这里。市在最上面，区县在市下面，机构在市或区县下面，分支在机构下面。"),
    "organisation_above_closed": _("上级已经停办，不能放在它下面。"),
    "organisation_department": _("部门要选是六个部门里的哪一个；不是部门的，这一项不选。"),
    "organisation_kind_fixed": _("市、区县、部门和分支机构不能改成别的类别，别的也不能改成它们。"),
    "organisation_reason_missing": _("请写清楚原因。"),
    "organisation_reason_long": _("原因最多 %(longest)s 个字。"),
    "organisation_has_open_below": _("下面还有 %(n)s 个没有停办，请先停办或移走。"),
    "organisation_has_cohorts": _("还有 %(n)s 个班期没有结束，不能停办。"),
    "organisation_role_elsewhere": _("这项工作不能放在这一级。"),
    "organisation_closed": _("这个机构已经停办，只能查看。"),
    "organisation_open": _("这个机构没有停办。"),
    "organisation_same_place": _("它本来就在这里。"),
}


def change_end(what: str, told: str) -> str:
    """One end of a change as people read it: a kind by its word."""
    return str(KINDS[Kind(told)]) if what == "kind" else told
