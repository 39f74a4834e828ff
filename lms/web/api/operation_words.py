"""What each operation does, in plain Chinese, for the reference page; the description itself is in English."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

TAGS: Mapping[str, Any] = {
    "institution": _("机构：读写自己的班期"),
    "authority": _("主管部门：只读汇总"),
    "accounts": _("登录"),
    "study": _("学习计时（学员的手机）"),
    "exams": _("考试"),
    "uploads": _("视频上传（讲师）"),
    "verification": _("查验结业记录（任何人）"),
}

TITLES: Mapping[str, Any] = {
    "GET /cohorts": _("班期列表"),
    "GET /cohorts/{subject_id}": _("一个班期"),
    "GET /learners": _("学员列表（打码）"),
    "GET /enrollments": _("报名列表"),
    "GET /enrollments/{subject_id}": _("一条报名"),
    "POST /enrollments": _("添加学员"),
    "DELETE /enrollments/{subject_id}": _("移出学员"),
    "GET /completion": _("结业结论和原因"),
    "GET /completion/{subject_id}": _("一位学员的结业结论"),
    "GET /study-time": _("有效学习时长，按证据类别"),
    "GET /study-time/{subject_id}": _("一位学员的学习时长"),
    "GET /certificates": _("结业记录"),
    "GET /certificates/{subject_id}": _("一位学员的结业记录"),
    "GET /attendance": _("线下课出勤"),
    "GET /attendance/{subject_id}": _("一位学员的出勤"),
    "GET /scores": _("成绩：测验、理论、实操"),
    "GET /scores/{subject_id}": _("一位学员的成绩"),
    "POST /tokens": _("用手机号和密码换令牌"),
    "POST /study/sessions": _("开始学习一节"),
    "POST /study/heartbeats": _("报告学了哪一段"),
    "POST /study/batches": _("补报断网时学的"),
    "POST /study/passes": _("领取离线学习凭证"),
    "POST /study/challenges": _("要一道补答题"),
    "POST /study/challenges/{check_id}/answers": _("回答抽验"),
    "GET /study/courses": _("自己的课程"),
    "POST /exams/{sitting_id}/answers": _("保存一题的答案"),
    "POST /exams/{sitting_id}/closings": _("交卷"),
    "GET /verifications/{code}": _("查验一份结业记录"),
    "POST /uploads": _("开始上传"),
    "GET /uploads": _("还没完成的上传"),
    "GET /uploads/{upload_id}": _("一个上传"),
    "DELETE /uploads/{upload_id}": _("放弃上传"),
    "PUT /uploads/{upload_id}/parts/{number}": _("传一块"),
    "POST /uploads/{upload_id}/parts": _("报告直传的一块"),
    "POST /uploads/{upload_id}/completion": _("传完了"),
}


def title(method: str, path: str) -> Any:
    """The operation's name; an authority's feed has the names of the institutions'."""
    return TITLES[f"{method} {path.removeprefix('/api/v1').removeprefix('/authority')}"]
