"""Suspicion in plain words: what was noticed, where a case stands, what was said. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from lms.services.cases import FlagRow
from lms.web.rights_words import WRONG
from lms.web.wording import duration

FLAGS: Mapping[str, tuple[Any, Any]] = {
    "impossible_advance": (
        _("报来的内容比钟表快"),
        _("有 %(reports)s 次，手机报来的内容比钟表走得快很多：%(elapsed)s里报了 %(claimed)s的内容。"),
    ),
    "forked_sequence": (
        _("同一条记录有两份内容"),
        _("同一条学习记录，服务器收到了两份不同的内容。只认第一份。"),
    ),
    "chain_forked": (
        _("补传的记录前后不一致"),
        _("没有网时的学习记录，补传上来的和开头说好的不一样。"),
    ),
    "checks_too_regular": (
        _("每次抽验答得一样快"),
        _("连着 %(checks)s 次抽验，回答用的时间几乎一样，前后相差只有 %(spread_ms)s 毫秒。"),
    ),
    "wrong_answers": (_("连着答错抽验"), _("连着 %(checks)s 次抽验没有答对。")),
    "beats_in_step": (
        _("几部手机总在同一瞬间报到"),
        _("另有 %(others)s 位学员的手机，连着 %(reports)s 次和这部手机在同一瞬间报到。"),
    ),
    "takeover_storm": (_("短时间里反复打开"), _("10 分钟里打开学习 %(openings)s 次。")),
    "institution_burst": (
        _("很多人在同一瞬间开始"),
        _("同一个机构有 %(persons)s 个人在几秒钟里一起开始学习。"),
    ),
    "mostly_offline": (
        _("大部分时间是补传的"),
        _("计入的 %(credited)s里，有 %(afterwards)s是断网补记或离线学习的。"),
    ),
    "impossible_clock": (
        _("手机的计时走到了前头"),
        _("离线学习有 %(parts)s 段，按手机自己的计时，比服务器收到它的时候还晚。"),
    ),
    "exam_too_fast": (
        _("考试答得比读题还快"),
        _("理论考试答了 %(answers)s 道题，一共只用了 %(took)s；把题目读一遍，最快也要 %(reading)s。"),
    ),
    "exam_handed_in_together": (
        _("很多人在同一瞬间交卷"),
        _("同一个班有 %(persons)s 个人在同一秒钟交卷。"),
    ),
    "not_me": (_("学员说登记的信息不对"), _("学员在自己的手机上看了登记的姓名和证件号码，说：%(what)s。")),
    "statement_disputed": (
        _("学员说对账单不对"),
        _("学员说每月对账单里这个班的学时不对。对账单写的是 %(credited)s。"),
    ),
    "exam_alike": (
        _("两份考卷错得一样"),
        _(
            "和同班另一份考卷比，两人都答错的有 %(both_wrong)s 道题，其中 %(same_wrong)s 道选了一样的错误答案。"
            "各答各的，平均 %(one_in)s 次里才会碰上一次。"
        ),
    ),
}

STATES: Mapping[str, tuple[Any, str]] = {
    "open": (_("等待核实"), "warn"),
    "decided": (_("已有结论"), "good"),
    "appealed": (_("学员申诉，等待复核"), "warn"),
    "closed": (_("已复核"), "good"),
}

VERDICTS: Mapping[str, tuple[Any, Any]] = {
    "unfounded": (_("没有问题"), _("核实以后，觉得一切正常。")),
    "noted": (_("情况属实，记下来"), _("确有其事，有说得过去的原因，或者不要紧。")),
    "needs_correction": (_("需要更正学时"), _("更正要另外提出，由两个人核对，学员看得到前后的变化。")),
}

STEPS: Mapping[str, Any] = {
    "opened": _("系统建立了这份核实单"),
    "flagged": _("系统注意到：%(what)s"),
    "words": _("学员说明"),
    "decision": _("核实结论：%(verdict)s"),
    "appeal": _("学员申诉"),
    "appeal_decision": _("复核结论：%(verdict)s"),
}


def title(kind: str) -> str:
    """What was noticed, in a few words."""
    return str(FLAGS[kind][0])


def told(flag: FlagRow) -> str:
    """What was noticed, in a sentence with its numbers."""
    values: dict[str, Any] = {name: value for name, value in flag.detail.items() if isinstance(value, int)}
    if "what" in flag.detail:
        values["what"] = WRONG[flag.detail["what"]]
    lengths = {name.removesuffix("_ms"): duration(value) for name, value in values.items() if name.endswith("_ms")}
    return str(FLAGS[flag.kind.value][1]) % {**values, **lengths}


def step(kind: str, words: str, verdict: str) -> str:
    """What happened in a step, in a few words."""
    sentence = str(STEPS[kind])
    if kind == "flagged":
        return sentence % {"what": title(words)}
    return sentence % {"verdict": VERDICTS[verdict][0]} if verdict else sentence
