"""Credentials of records for other systems, and for whoever checks one without network."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, json, render_template, url_for
from flask_babel import get_locale, gettext

from lms import clock, db
from lms.adapters import qr
from lms.domain.credentials import CONTEXTS, Issuer
from lms.domain.errors import Conflict, NotFound
from lms.domain.renewals import Phase
from lms.services import credentials, records
from lms.services.credentials import Issued
from lms.services.records import PublicRecord
from lms.services.renewals import Holding
from lms.web import access, limits, unlisted
from lms.web.public import offline_file

bp = access.blueprint("public_credentials", __name__, access.PUBLIC)
bp.after_request(unlisted.stay)

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Verifiers run in pages of other sites too; nothing of this is secret."""
A_WHILE = "public, max-age=300"
CREDENTIAL = "application/vc"
TOKEN = "application/vc+jwt"  # noqa: S105  # a media type
NAME = "康学"
HIGHEST = 2**31 - 1


def issuer() -> Issuer:
    """This site as the one who signs."""
    return Issuer(access.parts().config.base_url, NAME)


def _record(code: str) -> PublicRecord:
    """The record behind a code. NotFound; Conflict: record_not_intact, for one that nobody may vouch for."""
    found = records.get_public(db.current(), code, now=clock.now())
    if not found.intact:
        raise Conflict("record_not_intact")
    return found


def _issued(code: str) -> tuple[Issued, Holding]:
    session, keyring, record, now = db.current(), access.parts().keyring, _record(code), clock.now()
    holding = record.holding
    draw, until = secrets.randbelow, holding.valid_until
    return credentials.issue(session, keyring, issuer(), record, draw, valid_until=until, now=now), holding


def _answer(text: str, content_type: str, cached: str = "no-store") -> Response:
    return Response(text, content_type=content_type, headers={**OPEN, "Cache-Control": cached})


def _json(told: Mapping[str, Any], content_type: str = "application/json") -> Response:
    return _answer(json.dumps(told, ensure_ascii=False, indent=2), content_type, A_WHILE)


@bp.get("/v/<code>.json")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
@access.writes
def document(code: str) -> Response:
    """The record as an Open Badge with a Data Integrity proof."""
    return _answer(_issued(code)[0].document, CREDENTIAL)


@bp.get("/v/<code>.jwt")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
@access.writes
def token(code: str) -> Response:
    """The same as VC-JWT."""
    return _answer(_issued(code)[0].token, TOKEN)


@bp.get("/v/<code>/qr")
@limits.limiter.limit(limits.LOOK_UP)
@limits.misses
@access.writes
def code_page(code: str) -> str:
    """The QR code that is checked without network."""
    made, holding = _issued(code)
    address = f"{issuer().base_url}{url_for('.offline')}#{made.compact}"
    told = {"picture": qr.dense_data(address), "address": address, "code": made.code}
    withdrawn = credentials.withdrawal_of(db.current(), made.code)
    is_over = holding.phase is Phase.EXPIRED
    return render_template("public/credential.html", withdrawn=withdrawn, is_over=is_over, **told)


@bp.get("/credentials/status/<int:number>")
@limits.limiter.limit(limits.LOOK_UP)
@access.gates_itself
def status(number: int) -> Any:
    """A status list as a signed credential: as it is kept, read-only, unless it must be signed anew."""
    if number > HIGHEST:
        raise NotFound  # a larger one has no place in a column
    parts = access.parts()
    with parts.database.transaction(write=False) as session:
        refused = access.check_gate()
        if refused is not None:
            return refused
        found = credentials.stored_list(session, issuer(), number)
    if found is None:
        with parts.database.transaction() as session:
            found = credentials.current_list(session, parts.keyring, issuer(), number, now=clock.now())
    if found is None:
        raise NotFound
    return _answer(found, CREDENTIAL, A_WHILE)


@bp.get("/credentials/issuer")
def profile() -> Response:
    """Who signs, as an Open Badges profile."""
    return _json({"@context": list(CONTEXTS), **issuer().profile()}, "application/ld+json")


@bp.get("/.well-known/did.json")
def did() -> Response:
    """The keys by which anybody verifies, as a did document."""
    return _json(credentials.did_document(db.current(), issuer()), "application/did+ld+json")


@bp.get("/verify")
def offline() -> str:
    """A page that checks QR codes on the phone itself."""
    return render_template("public/offline.html", **_tool())


@bp.get("/verify/kangxue.html")
def offline_copy() -> Response:
    """The same page as one file to be kept."""
    tool = render_template("public/offline_tool.html", **_tool())
    lead = gettext("在您自己的手机或电脑上核对签名，不用联网，也不会把内容发给任何人。")
    made = offline_file.page(str(get_locale()).replace("_", "-"), gettext("离线查验"), lead, tool)
    answer = Response(made, content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="kangxue-verify.html"'
    return answer


def _tool() -> dict[str, Any]:
    """What the form needs: the address of this site, and its keys."""
    keys = {each["kid"]: each["x"] for each in credentials.published_jwks(db.current()) if each["kty"] == "OKP"}
    return {"base": issuer().base_url, "keys": keys}
