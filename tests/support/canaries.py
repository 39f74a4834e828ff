"""A person who does not exist, whose name, numbers and words must turn up nowhere they have no business to be."""

import base64
import html
import json
import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import MetaData, select, text
from werkzeug.test import TestResponse

from lms.parts import Parts

NAME = "金丝雀·阿依莫"
NUMBER = "110101199003070011"
PHONE = "19977665544"
PASSWORD = "canary-sings-7391"
WORDS = "金丝雀说的话不该在这里出现"
ENGLISH = "canaryfreewordszq"
FILE = "金丝雀的签到表.png"
HERS = (NAME, NUMBER, PHONE, PASSWORD, WORDS, ENGLISH, "金丝雀的签到表")
SECRET = (NUMBER, PHONE, PASSWORD)
"""What stands in clear in no column of any table."""


@dataclass
class Watch(logging.Handler):
    """Everything that is logged, at any level, as it would be written; every line that a browser asks by; and what it
    keeps of an answer: cookies, the titles of its history, pages that it may look up again."""

    codes: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        """Traces and all."""
        self.logged.append(self.format(record) + repr(record.args))

    def took(self, answer: TestResponse) -> TestResponse:
        """A request and its answer: the request line, where it leads on to, the page if it is one of an error, and
        what a browser keeps of it."""
        asked = answer.request
        self.statuses.add(answer.status_code)
        self.lines += [f"{asked.method} {asked.full_path}", answer.headers.get("Location", "")]
        self.cookies += [opened(each) for each in answer.headers.getlist("Set-Cookie")]
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            self.kept.append(asked.full_path)
        if answer.mimetype == "text/html":
            self.titles += map(html.unescape, re.findall("<title>(.*?)</title>", answer.text, re.DOTALL))
        if answer.status_code >= 400 and (answer.status_code != 422 or answer.is_json):  # a form shows what was typed
            self.pages.append(answer.text)
        return answer

    @property
    def wanted(self) -> tuple[str, ...]:
        """What is looked for: all that is hers, and the codes that were sent to her."""
        return (*HERS, *sorted(self.codes))

    def hits(self, where: str, texts: Iterator[str] | list[str]) -> list[str]:
        """Where any of it was found, and in what."""
        return [
            f"{where}: {each} in {_around(told, each)}" for told in texts for each in self.wanted if _in(each, told)
        ]


def _in(each: str, told: str) -> bool:
    """Six digits in a row are no code when they stand in a longer number, or in a word."""
    if not re.fullmatch(r"\d{6}", each):
        return any(form in told for form in (each, each.encode("unicode_escape").decode(), json.dumps(each)[1:-1]))
    return re.search(rf"(?<![0-9a-zA-Z.-]){each}(?![0-9a-zA-Z.-])", told) is not None


def opened(cookie: str) -> str:
    """What a cookie holds, as whoever has the browser can read it: signed is not sealed."""
    value = cookie.partition(";")[0].rpartition("=")[2] if "=" in cookie else cookie
    payload = value.lstrip(".").partition(".")[0]
    try:
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        told = json.loads(zlib.decompress(packed) if value.startswith(".") else packed)
    except (ValueError, zlib.error):
        return cookie
    return f"{cookie} {json.dumps(told, ensure_ascii=False)}"


def _around(told: str, each: str) -> str:
    at = max(told.find(each), 0)
    return repr(told[max(0, at - 80) : at + 80])


class Watched:
    """A browser under watch."""

    def __init__(self, client: FlaskClient, watch: Watch) -> None:
        self.client, self.watch = client, watch

    def get(self, url: str, **more: Any) -> TestResponse:
        """A page."""
        return self.watch.took(self.client.get(url, **more))

    def send(self, method: str, url: str, **more: Any) -> TestResponse:
        """Anything else."""
        return self.watch.took(self.client.open(url, method=method, **more))


def everything(parts: Parts) -> Iterator[tuple[str, str]]:
    """(table.column, value) of all that the database holds, as text."""
    found = MetaData()
    found.reflect(parts.database.engine)
    with parts.database.engine.connect() as connection:
        for table in found.sorted_tables:
            for row in connection.execute(select(table)):
                yield from ((f"{table.name}.{name}", str(value)) for name, value in row._mapping.items() if value)


def cells(parts: Parts, table: str, *columns: str) -> list[str]:
    """The words of some columns."""
    with parts.database.transaction(write=False) as session:
        query = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608  # names of our own
        return [str(value) for row in session.execute(text(query)) for value in row if value is not None]


def left_behind(folder: Path) -> list[str]:
    """Names and contents of all files below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [f"{path} {path.read_bytes().decode(errors='replace')}" for path in files]
