"""The ledger in plain words: why an interval did not count in full, and what to do next. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

CLASSES: Mapping[str, Any] = {
    "online": _("在线"),
    "gap": _("断网补记"),
    "offline": _("离线下载学习"),
    "attended": _("面授"),
    "imported": _("导入"),
}

CLASS_NOTES: Mapping[str, Any] = {
    "online": _("连着网学的，服务器当时就记下了"),
    "gap": _("中间断网不超过 10 分钟，连上以后补记的"),
    "offline": _("先下载、没有网的时候学，后来上传的"),
    "attended": _("当面上的课，机构凭签到材料登记"),
    "imported": _("从别的系统转来的，机构凭材料登记"),
}

AGAIN = _("退出这一节再打开，从停下的地方接着学。")
NOTHING_TO_DO = _("不用做什么。想增加学时，请学还没学过的地方。")
ASK = _("觉得不对，请找机构。")

LEDGER_WORDS: Mapping[str, tuple[Any, Any]] = {
    "credited": (_("全部计入"), NOTHING_TO_DO),
    "credited_in_part": (
        _("只计入一部分：以前学过的地方不重复计；放快了，多出来的不算。"),
        _("如果这一节还有“还差”，用正常速度把没学过的地方学完就行。"),
    ),
    "already_credited": (_("这一段以前学过，已经计过了。学第二遍不再计。"), NOTHING_TO_DO),
    "faster_than_clock": (_("放得太快，比钟表走得还快，多出来的不算。"), _("请用正常速度再学一遍这一段。")),
    "nothing_played": (_("这段时间没有播放。"), _("点“播放”，画面动起来才开始计时。")),
    "lease_lost": (
        _("当时换到另一部手机学习了。同一时间只有一部手机计学时，这一部的没有计入。"),
        _("只用一部手机学。想换回来，就在这部手机上点“在这部手机上继续”。"),
    ),
    "seq_gap": (_("手机发来的记录中间缺了一条，这一段没有计入。"), AGAIN),
    "nonce_mismatch": (_("手机发来的记录和服务器的对不上，这一段没有计入。"), AGAIN),
    "heartbeat_changed": (_("同一条记录收到了两份不同的内容，只认第一份。"), AGAIN),
    "range_outside_lesson": (_("报来的位置超出了这一节的长度，没有计入。"), AGAIN),
    "cohort_not_open": (_("那时班期还没有开班，没有计入。"), _("等开班那天再来学。")),
    "cohort_closed": (_("那时班期已经结课，没有计入。"), ASK),
    "daily_cap": (_("这一天计入的时间已经满了，超过的不计。"), _("明天接着学。")),
    "gap_too_long": (
        _("断网超过了 10 分钟，超过的部分不能补记。"),
        _("常断网的话，先下载再学；没学够的地方请再学一遍。"),
    ),
    "outside_window": (
        _("这一段不在离线学习的有效时间里（下载以后 72 小时内）。"),
        _("请连上网，重新下载这一节再学。"),
    ),
    "wall_time_used": (_("同一时间在别处学习，已经计过了。一分钟不能当两分钟用。"), NOTHING_TO_DO),
    "offline_daily_cap": (_("这一天离线学习的时间已经满了，超过的不计。"), _("请连上网学，或者明天接着学。")),
}

VOIDED = (_("这一段后来由两位工作人员核对、更正，不再计入。"), ASK)
UNKNOWN = (_("这一段没有计入。"), ASK)

CHECKS: Mapping[str, Any] = {
    "confirmed": _("已确认"),
    "waiting": _("等抽验"),
    "missed": _("抽验没答上"),
    "nothing": _("没有计入"),
}

STATES: Mapping[str, Any] = {
    "credited": _("已计入的"),
    "confirmed": _("已确认的"),
    "waiting": _("等抽验的"),
    "missed": _("抽验没答上的"),
    "uncredited": _("没有计入或只计入一部分的"),
    "voided": _("后来更正过的"),
}

PAGES: Mapping[str, Any] = {
    "institution": _("机构的班期列表"),
    "cohort": _("班期名单"),
    "learner": _("学时总览"),
    "intervals": _("学时明细"),
    "attendance": _("出勤簿"),
    "scores": _("结业考核成绩册"),
    "api": _("班期名单（用程序读取）"),
    "dossiers": _("一期一档"),
    "samples": _("抽查记录"),
    "notices": _("补贴公示"),
    "ageing": _("办理时间"),
    "inspections": _("检查和处理"),
    "claims": _("补贴申请列表"),
    "claim": _("补贴申请"),
    "sample": _("抽查结果"),
    "sample_item": _("抽查到的学员"),
    "reveals": _("谁看过完整号码"),
    "filings": _("开班申请"),
    "groups": _("人员类别的证明"),
    "rollup": _("分级汇总表"),
    "checks": _("反常情况"),
    "check": _("一条反常情况"),
    "outside": _("外部名单"),
    "outside_match": _("外部名单的比对结果"),
}
