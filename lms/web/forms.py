"""Forms check shape; when a rule refuses afterwards, its sentence stands at the field it is about."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import SelectField

from lms.domain.errors import Forbidden, NotFound, Refused
from lms.services.attachments import Attachment
from lms.web.wording import sentence

Wrong = list[tuple[str, str]]
"""(field, sentence) of what is wrong with a form, as the summary at its head has them; field "" for the whole."""


@dataclass
class Outcome:
    """Whether a rule refused what the form asked for."""

    failed: bool = False


@contextmanager
def refusals(form: FlaskForm, fields: Mapping[str, str]) -> Iterator[Outcome]:
    """Puts a refusal's sentence at the field `fields[code]` names; other refusals pass on."""
    outcome = Outcome()
    try:
        yield outcome
    except Refused as refused:
        if refused.code not in fields:
            raise
        field = form[fields[refused.code]]
        field.errors = [*field.errors, sentence(refused.code, refused.values)]
        outcome.failed = True


def errors_of(form: FlaskForm) -> list[tuple[str, Any]]:
    """(field, sentence) for the summary at the head of the form."""
    return [(name, told) for name, sentences in form.errors.items() for told in sentences]


def options_of(field: SelectField) -> list[tuple[str, Any]]:
    """(value, words) as templates want them."""
    return [(choice.value, choice.label) for choice in field.iter_choices()]


@contextmanager
def told(into: list[str], about: str = "") -> Iterator[Outcome]:
    """Adds a refusal's sentence to `into`, for pages whose form is no FlaskForm; `about` stands before it.

    What is not there, or not allowed, passes on: no other word in the form would help.
    """
    at: Wrong = []
    with told_at(at, {}) as outcome:
        yield outcome
    into.extend(about + words for _name, words in at)


@contextmanager
def told_at(into: Wrong, fields: Mapping[str, str]) -> Iterator[Outcome]:
    """As `told`, each sentence with the name of the field that `fields[code]` says it is about, "" for no field."""
    outcome = Outcome()
    try:
        yield outcome
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        into.append((fields.get(refused.code, ""), sentence(refused.code, refused.values)))
        outcome.failed = True


def words_at(name: str) -> dict[str, str]:
    """By code of a refusal of free words: the field `name` that they stand in."""
    return dict.fromkeys(("words_length", "words_personal"), name)


def unfilled(fields: Mapping[str, str], sentences: Mapping[str, Any]) -> Wrong:
    """(field, sentence) for each field of `sentences` that was left empty or unchosen."""
    return [(name, str(words)) for name, words in sentences.items() if not fields.get(name, "").strip()]


def id_in(fields: Mapping[str, str], name: str) -> uuid.UUID | None:
    """The id that a form or an address says under this name, None where it says none; NotFound for what is no id."""
    text = fields.get(name, "")
    return id_of(text) if text else None


def version_in(fields: Mapping[str, str]) -> int:
    """Which version of a thing the page showed, as its form says; NotFound for what is no number."""
    text = fields.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound
    return int(text)


def count_of(text: str) -> int | None:
    """A count that somebody may leave out; -1, which no count is, for what is no number."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1


def id_of(text: str) -> uuid.UUID:
    """The id that is meant; NotFound for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


def day_in(fields: Mapping[str, str], name: str) -> date | None:
    """The day (2026-11-23) said under this name, None where none is said; NotFound for what is no day."""
    text = fields.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound from None


def paper_of(file: FileStorage | None) -> Attachment | None:
    """What was handed in with a form, None where nothing was chosen."""
    return Attachment(file.filename, file.read()) if file is not None and file.filename else None


def option_number(text: str) -> int:
    """The number of an option as a page sends it; -1, which no question has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
