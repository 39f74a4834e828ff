"""Problems of course text: in the words of the studio's forms, or with the file's keys for who edits it as text."""

from dataclasses import replace

from flask_babel import lazy_gettext as _

from lms.authoring.problems import Problem
from lms.web.language import language

KEYS = {
    "title": _("名称"),
    "title_en": _("英文名称"),
    "summary": _("简介"),
    "summary_en": _("英文简介"),
    "licence": _("版权许可"),
    "includes": _("合并进来的公共课"),
    "sources": _("资料来源"),
    "modules": _("模块"),
    "objectives": _("学习目标"),
    "topics": _("内容标签"),
    "minutes": _("计划几分钟"),
    "prepare": _("先准备什么"),
    "steps": _("步骤和分数"),
    "pass_points": _("合格分数"),
    "file": _("给学员下载的 PDF"),
    "questions": _("题目"),
    "options": _("选项"),
}
COURSE_KEYS = frozenset({"summary", "summary_en", "licence", "includes", "sources"})  # only the course has these


def plainly(problem: Problem) -> str:
    """The sentence with the keys of the file."""
    return problem.text(language())


def in_words(problem: Problem) -> str:
    """The sentence with what the form calls the field."""
    words = KEYS.get(str(problem.values.get("key")))
    if words is None:
        return plainly(problem)
    return plainly(replace(problem, values={**problem.values, "key": f"“{words}”"}))
