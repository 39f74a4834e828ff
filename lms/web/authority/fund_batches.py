"""What is owed, the batches it goes out in, and the file for the bank."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.adapters.sheets import CONTENT_TYPES, write_csv, write_xlsx
from lms.adapters.tables import MOST_FILE_BYTES
from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.funds import bank_files as bank_rules
from lms.domain.roles import Role
from lms.services.funds import answers, bank_files, batches, dropping, owed
from lms.web import access, limits
from lms.web.authority.funds_desk import show as shown
from lms.web.authority.funds_desk import step
from lms.web.downloads import attachment, spooled
from lms.web.forms import id_of
from lms.web.wording import sentence

bp = access.blueprint("authority_fund_batches", __name__, Role.PAYMASTER, url_prefix="/authority/funds")
ROOM_FOR_FORM = 100_000


@bp.get("/<uuid:book_id>/owed")
def list_owed(book_id: uuid.UUID) -> str:
    """What is owed and in no batch, to choose from."""
    found = owed.list_owed(db.current(), access.parts().keyring, access.actor(), book_id)
    return shown("owed.html", book_id=book_id, owed=found)


@bp.post("/<uuid:book_id>/batches")
def plan(book_id: uuid.UUID) -> Any:
    """A batch of the lines that she marked."""
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    chosen = [id_of(each) for each in request.form.getlist("line")]
    told = {"confirmed": "confirmed" in request.form, "now": clock.now()}
    try:
        with session.begin_nested():
            made = batches.plan(session, keyring, actor, book_id, chosen, **told)  # type: ignore[arg-type]
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        flash(sentence(refused.code, refused.values), "error")
        return redirect(url_for(".list_owed", book_id=book_id), 303)
    flash(_("批次已生成。请另一位资金经办复核。"), "success")
    return redirect(url_for(".show", fund_batch_id=made), 303)


@bp.get("/batches/<uuid:fund_batch_id>")
def show(fund_batch_id: uuid.UUID) -> str:
    """One batch: its lines, its steps, and what may be done with it now."""
    session, actor = db.current(), access.actor()
    found = batches.look(session, actor, fund_batch_id)
    brought = answers.list_of(session, actor, fund_batch_id)
    return shown("batch.html", view=found, answers=brought, most=MOST_FILE_BYTES // 1_000_000)


@bp.post("/batches/<uuid:fund_batch_id>/<any(check, send):act>")
def advance(fund_batch_id: uuid.UUID, act: str) -> Any:
    """A second human agrees; or the bank has the file."""
    do = {"check": batches.check, "send": batches.send}[act]
    words = {"check": _("复核通过，可以生成代发文件了。"), "send": _("已记为送交银行。收到回单以后在这里导入。")}
    return step(
        lambda: do(db.current(), access.actor(), fund_batch_id, now=clock.now()),
        words[act],
        url_for(".show", fund_batch_id=fund_batch_id),
    )


@bp.post("/batches/<uuid:fund_batch_id>/drop")
def drop(fund_batch_id: uuid.UUID) -> Any:
    """Gives up a batch whose file nobody fetched."""
    note = request.form.get("note", "")
    return step(
        lambda: dropping.drop(db.current(), access.actor(), fund_batch_id, note, now=clock.now()),
        _("批次已作废，里面的款项回到待付清单。"),
        url_for(".show", fund_batch_id=fund_batch_id),
    )


@bp.post("/batches/<uuid:fund_batch_id>/drop-request")
def ask_drop(fund_batch_id: uuid.UUID) -> Any:
    """Asks that a batch whose file was fetched be given up."""
    note = request.form.get("note", "")
    return step(
        lambda: dropping.ask(db.current(), access.actor(), fund_batch_id, note, now=clock.now()),
        _("已提出作废。请另一位资金经办向银行核实以后决定。"),
        url_for(".show", fund_batch_id=fund_batch_id),
    )


@bp.post("/batches/<uuid:fund_batch_id>/drop-decision")
def decide_drop(fund_batch_id: uuid.UUID) -> Any:
    """The other one confirms that the bank did not pay and will not, or says that the batch stands."""
    is_right = request.form.get("answer") == "yes"
    return step(
        lambda: dropping.decide(db.current(), access.actor(), fund_batch_id, is_right=is_right, now=clock.now()),
        _("批次已作废，里面的款项回到待付清单。") if is_right else _("没有作废，批次照旧。"),
        url_for(".show", fund_batch_id=fund_batch_id),
    )


@bp.get("/batches/<uuid:fund_batch_id>/bank-file.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def bank_file(fund_batch_id: uuid.UUID, file_format: str) -> Response:
    """The file for the bank, with whole account numbers; each time is on record. `?for=gbk`: a CSV in GB 18030."""
    session, keyring, actor = db.current(), access.parts().keyring, access.actor()
    made = bank_files.make(session, keyring, actor, fund_batch_id, file_format, now=clock.now())
    if file_format == "xlsx":
        chunks = spooled(lambda path: write_xlsx(bank_rules.COLUMNS, made.rows, path, bank_rules.WIDTHS))
    else:
        text = b"".join(write_csv(bank_rules.COLUMNS, made.rows))
        is_old = request.args.get("for") == "gbk"
        chunks = iter([text.decode("utf-8-sig").encode("gb18030") if is_old else text])
    name = f"{_('代发文件')}_{made.number}.{file_format}"
    return attachment(chunks, name, f"{made.number}.{file_format}", CONTENT_TYPES[file_format])


@bp.post("/batches/<uuid:fund_batch_id>/answers")
@access.takes(MOST_FILE_BYTES + ROOM_FOR_FORM, in_memory=True)
@limits.limiter.limit(limits.ENROL)
def take_answer(fund_batch_id: uuid.UUID) -> Any:
    """The bank's answer as a file: read, and shown before anything is booked."""
    session, actor = db.current(), access.actor()
    batches.look(session, actor, fund_batch_id)
    try:
        file = request.files.get("file")
        if not file or not file.filename:
            raise Refused("file_missing")
        made = answers.take(session, actor, fund_batch_id, file.read(), now=clock.now())
    except Refused as refused:
        flash(sentence(refused.code, refused.values), "error")
        return redirect(url_for(".show", fund_batch_id=fund_batch_id), 303)
    return redirect(url_for(".show_answer", answer_id=made), 303)


@bp.get("/answers/<uuid:answer_id>")
def show_answer(answer_id: uuid.UUID) -> str:
    """What an answer would book, and what is wrong with it, row by row."""
    found = answers.show(db.current(), access.actor(), answer_id, now=clock.now())
    return shown("answer.html", answer=found, tell=lambda each: sentence(each.code, dict(each.values)))


@bp.post("/answers/<uuid:answer_id>")
def book_answer(answer_id: uuid.UUID) -> Any:
    """Books an answer whose every row is right."""
    return step(
        lambda: answers.book(db.current(), access.actor(), answer_id, now=clock.now()),
        _("已入账。"),
        url_for(".show_answer", answer_id=answer_id),
    )
