"""Sentences about practicals: why somebody may not sign or sit, what is wrong with a sheet or a picture."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "practice_own": _("不能考核自己，也不能考核自己班上的同学。"),
    "practice_taught": _("您给这个班上课，不能考核这个班的学员，请另一位考评员来。"),
    "practice_signed": _("这次考核您已经打过分了。"),
    "practice_settled": _("这次考核已经有结果了。"),
    "practice_passed": _("这一项已经合格，不用再来一次。"),
    "practice_open": _("上一次考核还没有结果。"),
    "practice_no_tries": _("这一项最多考 %(most)s 次，次数已经用完。"),
    "practice_other_steps": _("清单和打分对不上，请刷新页面再打一次。"),
    "practice_step_unmarked": _("第 %(step)s 步还没有打分。"),
    "practice_note_long": _("备注最多 %(longest)s 个字。"),
    "practice_minutes": _("请填用了多少分钟：1 到 %(most)s。"),
    "practice_key": _("这张打分单没有编号，请刷新页面再打一次。"),
    "picture_consent_hers": _("学员自己收回了同意，只能由她在自己的手机上再同意。"),
    "picture_no_consent": _("学员没有同意拍照，不能保存。不拍照也可以考核。"),
    "picture_too_heavy": _("文件太大了，最大 %(megabytes)s MB。"),
    "picture_too_many": _("一次考核最多 %(most)s 张照片或录像。"),
    "picture_kind": _("只能是 JPEG、PNG、WebP 照片，或 MP4、WebM 录像。"),
    "picture_video_long": _("录像最长 %(seconds)s 秒，请剪短再传。"),
}
