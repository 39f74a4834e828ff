"""Bank statements at a paymaster's desk: looked through first, then kept as a whole or not at all."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.tables import MOST_FILE_BYTES
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.services.funds import books, statements
from lms.services.funds.statements import Judged
from lms.web import access, limits
from lms.web.authority.reconciliation_desk import page
from lms.web.forms import told

bp = access.blueprint("authority_statements", __name__, Role.PAYMASTER, url_prefix="/authority/funds/statements")
ROOM_FOR_FORM = 100_000
MOST_FAULTS_SHOWN = 50


@bp.get("/")
def index() -> str:
    """Her books, each with a way to its statements."""
    return page("authority/funds/statements.html", "statements", books=books.list_books(db.current(), access.actor()))


@bp.route("/books/<uuid:book_id>", methods=["GET", "POST"])
@access.takes(MOST_FILE_BYTES + ROOM_FOR_FORM, in_memory=True)
@limits.limiter.limit(limits.ENROL, methods=["POST"])
def book(book_id: uuid.UUID) -> Any:
    """The files brought for a book, and a form: to look one through, or to bring it."""
    errors: list[str] = []
    judged: Judged | None = None
    found = books.view(db.current(), books.get(db.current(), access.actor(), book_id))
    if request.method == "POST":
        with told(errors):
            if request.form.get("act") == "bring":
                return redirect(url_for(".show", bank_statement_id=_bring(book_id)), 303)
            judged = _judge(book_id)
    brought = statements.list_of(db.current(), access.actor(), book_id)
    facts = {"book": found, "brought": brought, "judged": judged, "most_faults": MOST_FAULTS_SHOWN}
    facts |= {"errors": [("file", each) for each in errors], "most": MOST_FILE_BYTES // 1_000_000}
    return page("authority/funds/book_statements.html", "statements", **facts), 422 if errors else 200


def _file() -> tuple[str, bytes]:
    file = request.files.get("file")
    if not file or not file.filename:
        raise Refused("file_missing")
    return file.filename, file.read()


def _judge(book_id: uuid.UUID) -> Judged:
    return statements.judge(db.current(), access.parts().keyring, access.actor(), book_id, _file()[1])


def _bring(book_id: uuid.UUID) -> uuid.UUID:
    name, data = _file()
    who = (db.current(), access.parts().keyring, access.actor(), book_id)
    made = statements.bring(*who, file_name=name, data=data, now=clock.now())
    flash(_("流水已导入。以前导入过的行没有重复计入。"), "success")
    return made


def _after(text: str) -> int:
    """The place that the page before ended at; -1 for what is no place."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


@bp.get("/<uuid:bank_statement_id>")
def show(bank_statement_id: uuid.UUID) -> str:
    """What one file brought: days, gaps, rows."""
    session, actor, after = db.current(), access.actor(), _after(request.args.get("after", ""))
    found = statements.get(session, actor, bank_statement_id)
    rows = statements.list_rows(session, access.parts().keyring, actor, bank_statement_id, after=after)
    onward = after + len(rows) if len(rows) == statements.PAGE else None
    book = books.view(session, books.get(session, actor, found.book_id))
    facts = {"statement": found, "rows": rows, "onward": onward, "book": book}
    return page("authority/funds/statement.html", "statements", **facts)
