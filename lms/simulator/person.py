"""One simulated person: her login, her phone's line, what she claimed, and since when the server knows her."""

import re
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from random import Random
from typing import Any

from lms.simulator.client import Answer, Client

API = "/api/v1/study"
MOST_SIGN_INS = 40


class SignInFailed(Exception):
    """The server does not know this login, or refuses it."""


@dataclass(frozen=True)
class Lesson:
    """A lesson of one enrollment that time can be credited for."""

    enrollment: str
    lesson: str
    title: str
    duration_ms: int
    is_untouched: bool


@dataclass
class Person:
    """Whoever studies; several phones of hers may use it from several threads."""

    client: Client
    phone: str
    password: str
    dice: Random
    claimed_ms: int = 0
    passed: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    before: tuple[int, int] = (0, 0)
    lessons: list[Lesson] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    phones: list[Client] = field(default_factory=list)
    source: str = ""  # the first session or pass, by which an operator finds her in the database
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sign_in(self, until: float) -> None:
        """Gets a token and the list of her lessons; waits while the server has too many at its door."""
        for _ in range(MOST_SIGN_INS):
            answer = self.client.post("/api/v1/tokens", {"phone": self.phone, "password": self.password})
            if not answer.is_later or time.monotonic() >= until:
                break
            time.sleep(min(answer.retry_after or 2.0, max(0.0, until - time.monotonic())))
        if not answer.is_good:
            raise SignInFailed(f"{self.phone}: {answer.status} {answer.code}")
        self.client.token = answer.body["token"]
        self._look_around()

    def _look_around(self) -> None:
        self.before = self.totals()
        self.lessons = [
            Lesson(
                course["enrollment"],
                lesson["lesson"],
                lesson["title"],
                lesson["duration_ms"],
                is_untouched=lesson["credited_ms"] == lesson["position_ms"] == 0,
            )
            for course in self._courses()
            for lesson in course["lessons"]
            if lesson["kind"] != "quiz" and lesson["duration_ms"]
        ]

    def _courses(self) -> list[dict[str, Any]]:
        answer = self.client.get(f"{API}/courses")
        if not answer.is_good:
            raise SignInFailed(f"{self.phone}: her courses answer {answer.status} {answer.code}")
        found: list[dict[str, Any]] = answer.body["courses"]
        return found

    def totals(self) -> tuple[int, int]:
        """Credited and confirmed milliseconds over all her lessons, as the server says now."""
        lessons = [lesson for course in self._courses() for lesson in course["lessons"]]
        return sum(each["credited_ms"] for each in lessons), sum(each["confirmed_ms"] for each in lessons)

    def another_phone(self) -> Client:
        """A second device of hers, signed in as the first."""
        made = Client(self.client.address.geturl(), self.client.token, self.client.source)
        with self.lock:
            self.phones.append(made)
        return made

    def hang_up(self) -> None:
        """Closes all her lines."""
        for client in (self.client, *self.phones):
            client.close()

    def post(self, path: str, body: dict[str, Any], key: str = "", client: Client | None = None) -> Answer:
        """Asks the study API; notes the time, and what was answered."""
        with self.lock:
            self.first_at = self.first_at or time.monotonic()
        try:
            answer = (client or self.client).post(f"{API}/{path}", body, key)
        finally:
            with self.lock:
                self.last_at = time.monotonic()
        with self.lock:
            self.answers[str(answer.status) if answer.is_good else f"{answer.status} {answer.code}"] += 1
            self.source = self.source or str(answer.body.get("session") or answer.body.get("pass") or "")
        return answer

    def claim(self, milliseconds: int) -> None:
        """Notes content that she says she has played."""
        with self.lock:
            self.claimed_ms += milliseconds

    def elapsed_ms(self) -> float:
        """Between her first request and her last answer: no less than what passed on the server's clock."""
        return (self.last_at - self.first_at) * 1000

    def key(self) -> str:
        """A fresh Idempotency-Key."""
        return secrets.token_hex(12)

    def download(self, lesson: Lesson) -> None:
        """Gets the lesson's page, for now or for when there is no line."""
        if lesson.lesson not in self.pages:
            page = self.client.get(f"/learn/courses/{lesson.enrollment}/lessons/{lesson.lesson}")
            self.pages[lesson.lesson] = _plain(page.text) if page.is_good else ""

    def learn(self, lesson: Lesson) -> None:
        """Keeps in mind what stands on the lesson's page: what an attentive person sees or hears."""
        self.download(lesson)
        self.texts[lesson.lesson] = self.pages[lesson.lesson]
        self.titles.insert(0, lesson.title)

    def right_option(self, challenge: dict[str, Any]) -> int | None:
        """The option that she has learnt, the title of a lesson or a sentence in one; None if she cannot tell."""
        options: list[str] = challenge["options"]
        for title in self.titles:
            if title in options:
                return options.index(title)
        for text in reversed(self.texts.values()):
            for place, option in enumerate(options):
                if _plain(option) in text:
                    return place
        return None


def _plain(html: str) -> str:
    return re.sub(r"\s", "", unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", "", html, flags=re.DOTALL)))
