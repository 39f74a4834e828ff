"""Dossiers and samples in words."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "dossier_masked_only": _("检查人员的档案一律隐去号码。要完整号码的，请机构写明用途再做。"),
    "sample_size": _("请填 1 到 %(most)s 之间的数。"),
    "sample_nothing": _("这里还没有可以抽的。"),
    "sample_words": _("请写 %(shortest)s 到 %(longest)s 个字，说清楚看到了什么。"),
}
