"""What a training still asks for, in plain words: what is missing, and what to do next. The same for every reader."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

SENTENCES: Mapping[str, Any] = {
    "online_share_over": _(
        "线上 %(online)s 学时，面授 %(in_person)s 学时。线上最多占 %(most)s%%，面授还差 %(missing)s 学时"
    ),
    "in_person_time_missing": _("面授还差 %(missing)s"),
    "attendance_low": _("线下课上了 %(held)s 次，到了 %(attended)s 次（%(percent)s%%），至少要到 %(least)s%%"),
    "class_day_low": _("%(day)s 全班 %(roster)s 人，到了 %(present)s 人，不到 %(least)s%%"),
    "exam_not_tried": _("理论考试还没有考"),
    "exam_waiting": _("理论考试还没有出成绩"),
    "exam_not_passed": _("理论考试最好成绩 %(score)s 分，还没有及格"),
    "exam_no_tries_left": _("理论考试最好成绩 %(score)s 分，没有及格，考试次数已经用完"),
    "skill_not_judged": _("实操“%(title)s”还没有考核"),
    "skill_after_theory": _("实操“%(title)s”还没有考核，要先通过理论考试"),
    "skill_waiting": _("实操“%(title)s”还差考评员的打分单"),
    "skill_failed": _("实操“%(title)s”没有通过"),
    "skill_no_tries_left": _("实操“%(title)s”没有通过，考核次数已经用完"),
    "skill_disputed": _("实操“%(title)s”，几位考评员的意见不一样"),
    "task_not_signed": _("岗位任务“%(title)s”还没有带教师傅签字"),
    "theory_first": _("要先通过理论考试，才能考实操。"),
    "course_without_exam": _("这门课没有理论考试，不能办“线上+线下”的班。请选别的课程，或请讲师加上考试。"),
    "course_without_practice": _("这门课没有动手练习清单，不能办“线上+线下”的班。请选别的课程，或请讲师加上清单。"),
}

ADVICE: Mapping[str, Any] = {
    "course_empty": _("请联系您的机构。"),
    "video_not_ready": _("不用做什么，视频做好以后再学。"),
    "lesson_time_missing": _("打开这一节，接着学。"),
    "quiz_not_tried": _("打开这个小测验，答一遍。"),
    "quiz_not_passed": _("看看错在哪里，再答一遍。"),
    "online_share_over": _("按课表去上线下课，每次都要签到和签退。"),
    "in_person_time_missing": _("按课表去上线下课，每次都要签到和签退。"),
    "attendance_low": _("接下来的课都要到。请和机构商量补课；有事来不了，要先请假。"),
    "class_day_low": _("由机构说明情况，再由人来核定。"),
    "exam_not_tried": _("学完以后参加理论考试，最多可以考 %(left)s 次。"),
    "exam_waiting": _("考试还开着，就接着答完；已经交卷，就等成绩。"),
    "exam_not_passed": _("再复习一遍，还可以考 %(left)s 次。"),
    "exam_no_tries_left": _("请联系机构，商量下一步。"),
    "skill_not_judged": _("照着清单练熟，由考评员当面考核。"),
    "skill_after_theory": _("先考理论，再照着清单练习。"),
    "skill_waiting": _("不用学员做什么，等考评员交打分单。"),
    "skill_failed": _("照着清单再练，还可以考 %(left)s 次。"),
    "skill_no_tries_left": _("请联系机构，商量下一步。"),
    "skill_disputed": _("由机构安排人再看一遍，不用学员做什么。"),
    "task_not_signed": _("在岗位上做一遍，请带教师傅看过以后签字。"),
}
