"""What is said to whoever studies, when the server will not take a report as it came."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "record_not_intact": _("这份记录的内容与签发时不一致，不能再出具凭证，请联系签发机构。"),
    "lease_lost": _("您已经在另一部手机上继续学习。"),
    "session_closed": _("这次学习已经结束，请重新打开本节。"),
    "seq_gap": _("学习记录的次序不对，请重新打开本节。"),
    "nonce_mismatch": _("学习记录对不上，请重新打开本节。"),
    "range_outside_lesson": _("报告的位置超出了本节的长度。"),
    "chain_forked": _("断网期间的学习记录前后对不上，这一批没有计入。"),
    "chain_too_long": _("断网期间的学习记录太长了，最多 %(longest)s 段。"),
    "part_time_backwards": _("断网期间的学习记录时间顺序不对。"),
    "lesson_not_in_pass": _("这一节不在您下载的课程里，没有计入。"),
    "check_closed": _("这道题已经答过，或者时间已过。学时还在，可以到“我的学时”补答一题。"),
    "nothing_to_confirm": _("没有要补答的题，您的学时都已确认。"),
    "no_tries_left": _("这段学习已经补答过 3 次，不能再补。接着学，下一次抽验答对就会确认后面的学时。"),
    "challenge_too_soon": _("刚答过一题，请等 %(retry_after_seconds)s 秒再试。"),
    "day_not_over": _("%(day)s 还没有过完，数字还可能变。"),
    "study_clock_elsewhere": _("学习时钟正由另一台服务器掌管，请过半分钟再试。"),
    "gap_too_long": _("断网超过 10 分钟，后面的部分没有计入"),
    "outside_window": _("不在允许离线学习的时间里，没有计入"),
    "wall_time_used": _("这段时间已经用在别的学习上，同一时间只计一次"),
    "daily_cap": _("当天计入的学时已到上限"),
    "offline_daily_cap": _("当天离线学习计入的学时已到上限"),
    "heartbeat_changed": _("同一次学习记录收到了两份不同的内容，以第一份为准。"),
    "lesson_not_for_study": _("测验不记学习时间，直接作答就可以。"),
}
