"""The words around a report that is to be signed: what it is of, who signs, and which checkpoint it stands on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from lms import clock
from lms.adapters.signed_pdf import Paper
from lms.db import Session
from lms.services import log
from lms.web.language import counted, day, moment


def around(session: Session, name: str, asked: Mapping[str, Any], now: datetime) -> Paper:
    """Title and scope are those of the file's name: “title_scope_….pdf”.

    A report as of a day that is over names the first checkpoint over all that was recorded by then, and no time of
    making: once that is signed, the paper is the same bytes whenever it is asked for.
    """
    as_of = date.fromisoformat(asked["as_of"]) if asked.get("as_of") else None
    checkpoint = log.covering(session, clock.end_of_day(as_of)) if as_of else log.latest(session)
    title, *scope = name.removesuffix(".pdf").split("_")
    if as_of:
        scope[-1:] = [_("截至 %(day)s", day=day(as_of))]
    else:
        scope[-1:] = [_("生成时间 %(moment)s", moment=moment(now))]
    return Paper(
        title=title,
        about=" · ".join(scope),
        signatures=[_("制表人（签字）"), _("负责人（签字）"), _("机构（盖章）"), _("日期")],
        checkpoint=checkpoint.words if checkpoint else "",
        told=_told(checkpoint),
        counted=lambda rows: counted("共 %(n)s 行", n=rows),
        paged=lambda page, pages: _("第 %(page)s 页，共 %(pages)s 页", page=page, pages=pages),
    )


def _told(checkpoint: log.Checkpoint | None) -> list[str]:
    """What stands beside the QR code."""
    if checkpoint is None:
        return [_("还没有检查点。")]
    size = counted("检查点：%(n)s 条，指纹 %(root)s…", n=checkpoint.size, root=checkpoint.root[:16])
    signed = _("签出时间：%(moment)s", moment=moment(checkpoint.signed_at))
    return [size, signed, _("二维码里是检查点的条数和完整指纹。以后可以用它证明，那时的学习记录没有被改过。")]
