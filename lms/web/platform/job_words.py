"""The kinds of background work in plain words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

JOBS: Mapping[str, Any] = {
    "send_sms": _("发短信"),
    "send_renewal": _("发复训提醒"),
    "make_media": _("制作视频"),
    "receive_upload": _("接收上传"),
    "forget_objects": _("清理文件"),
    "make_dossier": _("做一期一档"),
    "make_export": _("导出报表"),
    "make_papers": _("做全班的证书"),
    "deliver_webhook": _("推送消息"),
    "crosschecks.look": _("核对外部名单和班级"),
    "identity_check": _("核验证件"),
    "read_roster": _("读花名册"),
    "check_roster": _("检查花名册"),
    "import_roster": _("导入花名册"),
    "undo_roster": _("撤销花名册导入"),
    "rights.export": _("导出本人信息"),
    "rights.statements": _("写每月对账单"),
    "rights.note": _("登记删除"),
}
