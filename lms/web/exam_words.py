"""Sentences about gating exams: why none can be opened, what became of an answer, rulings on faulty questions."""

from flask_babel import lazy_gettext as _

from lms.domain.exams import RulingKind

SENTENCES = {
    "exam_passed_already": _("您已经考过了，不用再考。"),
    "exam_open_elsewhere": _("您还有另一门考试没有交卷，先把那一门考完。"),
    "exam_open_already": _("已经有一场考试正在进行。"),
    "exam_no_tries_left": _("%(attempts)s 次考试机会都用完了。请联系班里的老师。"),
    "exam_study_first": _("先把课学完才能考试，学时还差 %(missing)s。"),
    "exam_video_not_ready": _("课里还有视频正在制作，做好以后把课学完才能考试。"),
    "exam_cooling_down": _("两次考试之间要隔一段时间，还要等 %(hours)s 小时。"),
    "exam_bank_short": _(
        "题库里的题不够，出不了试卷（知识点 %(objective)s 要 %(needed)s 题，只有 %(found)s 题）。请告诉班里的老师。"
    ),
    "exam_closed": _("这场考试已经交卷，不能再改答案。"),
    "exam_time_over": _("考试时间到了，这个答案没有赶上。前面存好的都算数。"),
    "exam_place_unknown": _("试卷里没有这一题，请刷新页面。"),
    "exam_too_many_answers": _("答案改得太多次了，请直接交卷。"),
    "exam_answer_changed": _("同一个答案收到了两份不同的内容，以第一份为准。"),
    "exam_not_graded": _("这场考试还没有评分，请过一会儿再看。"),
    "exam_oral_not_held": _("这个班的政策没有口试。"),
    "exam_examiner_learns": _("不能给自己考试，也不能考自己班上的同学。"),
    "exam_examiner_teaches": _("您在这家机构教课，不能考自己教的学员。请换一位考评员。"),
    "exam_reason_missing": _("请写明理由。"),
    "exam_reason_too_long": _("理由最多 %(longest)s 个字。"),
    "exam_trace_too_little": _("能对上的题太少了，请至少抄下 %(fewest)s 道题，一行一题。"),
}

RULINGS = {
    RulingKind.LEAVE_OUT: (_("不计分"), _("总分里去掉这一题。")),
    RulingKind.ACCEPT_ALL: (_("都算对"), _("答了的都给满分，没答的不给。")),
    RulingKind.AS_WRITTEN: (_("照原题计分"), _("收回前面的改判。")),
}
"""Each ruling in a word, and what it does."""
