"""终身学习档案: all her records on one sheet, to print, as PDF, and for programs."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, jsonify, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.sheets import CONTENT_TYPES, Cell
from lms.adapters.signed_pdf import Paper, write_pdf
from lms.domain.frozen import hour_hundredths
from lms.domain.identity import mask_name
from lms.domain.roles import Role
from lms.domain.transcripts import Transcript
from lms.services import log, skills, wallet
from lms.services.records import PublicRecord
from lms.services.skills import Profile
from lms.services.wallet import Wallet
from lms.web import access, limits, record_words, renewal_words, skill_words
from lms.web.downloads import attachment, spooled
from lms.web.language import day, moment
from lms.web.learner.navigation import page

bp = access.blueprint("learner_transcript", __name__, Role.LEARNER, url_prefix="/learn/transcript")

WIDTHS = (14, 32, 26, 18, 10, 10, 16, 14, 26)
FORMAT = 2
PARTS = ("levels", "certificates", "credits", "sums")


@bp.get("/")
def show() -> str:
    """The sheet, as a page that prints well."""
    now = clock.now()
    found = wallet.of_learner(db.current(), access.actor(), now=now)
    profile = _profile(now)
    facts = {"transcript": found.transcript, "name": found.name, "made_at": now, "by_code": _by_code(found)}
    facts |= {"beside": _beside(profile), "certificates": _certificates(profile)}
    return page("learner/transcript.html", "records", told=record_words, phases=renewal_words, **facts)


@bp.get("/transcript.pdf")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def download() -> Response:
    """The sheet as a PDF with her name, for a phone that cannot print."""
    session, actor, now = db.current(), access.actor(), clock.now()
    held = wallet.take_out(session, actor, "pdf", now=now)
    found, profile = held.transcript, _profile(now)
    title = _("终身学习档案")
    checkpoint = log.latest(session)
    paper = Paper(
        title=title,
        about=_("姓名：%(name)s · 制作时间：%(when)s", name=held.name, when=moment(now)),
        signatures=[_("本人签字"), _("日期")],
        checkpoint=checkpoint.words if checkpoint else "",
        told=[
            _("每份记录都可以用查验码查：%(address)s", address=_address("public_certificates.look_up")),
            *(f"{name} · {value}" for name, value in [*_beside(profile), *_certificates(profile)]),
        ],
        counted=lambda _rows: _sums(found),
        paged=lambda number, pages: _("第 %(page)s 页，共 %(pages)s 页", page=number, pages=pages),
    )
    rows = list(_rows(held))

    def fill(path: Path) -> None:
        write_pdf(_header(), rows, path, WIDTHS, paper)

    return attachment(spooled(fill), f"{title}.pdf", "transcript.pdf", CONTENT_TYPES["pdf"])


@bp.get("/transcript.json")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def document() -> Any:
    """Her records, levels and credits for programs (docs/records.md): facts as frozen, states, where to verify each."""
    now = clock.now()
    found = wallet.take_out(db.current(), access.actor(), "json", now=now)
    profile = _profile(now)
    answer = jsonify(
        format=FORMAT,
        name_masked=mask_name(found.name),
        made_at=now.isoformat(),
        counted=found.transcript.counted,
        holding=found.transcript.holding,
        hours_total_hundredths=found.transcript.hour_hundredths,
        records=[_record(each) for each in found.records],
        **(skills.parts_of(db.current(), profile) if profile else dict.fromkeys(PARTS, ())),
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="transcript.json"'
    return answer


def _profile(now: datetime) -> Profile | None:
    """Her levels, certificates from elsewhere and credits; None of who is not registered."""
    actor = access.actor()
    if actor.person_id is None:
        return None
    return skills.get_own_profile(db.current(), access.parts().keyring, actor, now=now)


def _by_code(found: Wallet) -> dict[str, PublicRecord]:
    return {each.code: each for each in found.records}


def _certificates(found: Profile | None) -> list[tuple[str, str]]:
    """Her certificates from elsewhere, each with what is known of it."""
    if found is None:
        return []
    return [
        (f"{each.told.occupation} · {skill_words.KINDS[each.told.kind]}", str(skill_words.STATES[each.state][0]))
        for each in found.certificates
    ]


def _beside(found: Profile | None) -> list[tuple[str, str]]:
    """Her levels that hold today and her credits by confirmed tables, a line each."""
    if found is None:
        return []
    levels = [(each.occupation, str(skill_words.LEVELS[each.level])) for each in found.current.values()]
    sums = [(each.scheme, skill_words.credits(each.confirmed)) for each in found.sums if each.confirmed]
    return [*levels, *((name, _("%(n)s 学分", n=credits)) for name, credits in sums)]


def _record(record: PublicRecord) -> dict[str, Any]:
    return {
        "code": record.code,
        "address": _address("public_certificates.show", code=record.code),
        "state": record.state,
        "states": [{"state": each.state, "reason": each.reason, "at": each.at.isoformat()} for each in record.states],
        "issued_at": record.issued_at.isoformat(),
        "phase": record.holding.phase,
        "valid_until": record.holding.valid_until.isoformat() if record.holding.valid_until else None,
        "days_left": record.holding.left,
        "hours_total_hundredths": hour_hundredths(record.facts),
        "facts": record.facts,
        "facts_hash": record.facts_hash,
    }


def _address(endpoint: str, code: str | None = None) -> str:
    return access.parts().config.base_url + url_for(endpoint, code=code)


def _header() -> list[str]:
    last = [_("状态"), _("有效到"), _("查验码")]
    return [_("生成日期"), _("课程"), _("机构"), _("班期"), _("学时"), _("测验成绩"), *last]


def _rows(held: Wallet) -> Iterator[tuple[Cell, ...]]:
    by_code = _by_code(held)
    for each in held.transcript.entries:
        state, _kind = renewal_words.standing(by_code[each.code])
        until = day(each.valid_until) if each.valid_until and each.is_counted else ""
        course = record_words.course(by_code[each.code].facts)
        hours = f"{each.hour_hundredths / 100:.2f}"
        told = (each.institution, each.cohort, hours, each.quiz_score)
        yield day(each.issued_on), course, *told, state, until, each.code


def _sums(found: Transcript) -> str:
    hours = f"{found.hour_hundredths / 100:.2f}"
    sums = {"n": found.counted, "valid": found.holding, "hours": hours}
    return str(_("记录 %(n)s 份，其中现在有效 %(valid)s 份，学时合计 %(hours)s。", **sums))
