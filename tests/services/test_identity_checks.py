"""Questions to an authority's service: asked once, kept with source and moment; silence brings rest, never a block."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms import worker
from lms.adapters.identity import Answer, NoAnswer, Question
from lms.domain.errors import Conflict, NotFound, Refused, Unavailable
from lms.domain.verification import Outcome
from lms.models.jobs import Job
from lms.models.people import DocumentCheck, PersonDocument
from lms.parts import Parts
from lms.services import identity
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.identity import Office

SOURCE = "测试核验服务"


class Service:
    """Answers as it is told, and remembers what it was asked."""

    source = SOURCE

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.answer: Callable[[], Answer] = lambda: Answer(Outcome.MATCH, "R1")

    def check(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.answer()


def fails(error: Exception) -> Callable[[], Answer]:
    def raises() -> Answer:
        raise error

    return raises


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def at_work(parts: Parts, service: Service) -> Parts:
    return replace(parts, identity=service)


def ask(parts: Parts, cast: Cast, actor: Actor | None = None) -> uuid.UUID:
    who = (actor or cast.zhoumin, cast.enrollment, cast.lifang.person_id)
    with parts.database.transaction() as session:
        assert who[2] is not None
        return identity.ask(session, who[0], who[1], who[2], SOURCE, now=NOON)


def work(parts: Parts) -> None:
    with parts.database.transaction(write=False) as session:
        due = session.scalars(select(Job.id).where(Job.kind == identity.CHECK, Job.state == "queued")).all()
    for job_id in due:
        worker.run(parts, job_id)


def found(parts: Parts, cast: Cast) -> tuple[str, str, str, bool]:
    """(state of the document, outcome and reference of the last question, whether its job is done)."""
    with parts.database.transaction(write=False) as session:
        check = session.scalars(select(DocumentCheck).order_by(DocumentCheck.id.desc())).first()
        document = session.get_one(PersonDocument, cast.lifang.person_id)
        states = set(session.scalars(select(Job.state).where(Job.kind == identity.CHECK)))
    assert check is not None
    return document.state, check.outcome, check.reference, states == {"done"}


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (lambda: Answer(Outcome.MATCH, "R1"), ("confirmed", "match", "R1", True)),
        (lambda: Answer(Outcome.MISMATCH, "R2"), ("mismatch", "mismatch", "R2", True)),
        (lambda: Answer(Outcome.UNKNOWN), ("format", "unknown", "", True)),
        (fails(Unavailable("identity_unavailable")), ("format", "later", "", True)),
        (fails(NoAnswer("timeout")), ("format", "unclear", "", True)),
    ],
)
def test_what_is_said_is_kept(
    at_work: Parts, cast: Cast, service: Service, answer: Callable[[], Answer], wanted: tuple[str, str, str, bool]
) -> None:
    service.answer = answer
    check_id = ask(at_work, cast)
    work(at_work)
    work(at_work)
    assert found(at_work, cast) == wanted
    (question,) = service.asked
    assert (question.key, question.name, question.number) == (str(check_id), "李芳", "219999198501010026")
    with at_work.database.transaction(write=False) as session:
        view = identity.of_learner(session, at_work.keyring, cast.zhoumin, cast.enrollment, now=NOON)
    last = view.documents[0].last_check
    assert last is not None
    assert (last.source, last.asked_by, last.answered_at is not None) == (SOURCE, "周敏", True)


def test_a_question_that_left_is_never_sent_again(at_work: Parts, cast: Cast, service: Service) -> None:
    """The worker died after sending: whoever takes the job over does not pay twice."""
    check_id = ask(at_work, cast)
    with at_work.database.transaction() as session:
        identity.begin(session, at_work.keyring, {"check_id": str(check_id)}, now=NOON)
    work(at_work)
    assert service.asked == []
    assert found(at_work, cast) == ("format", "unclear", "", True)


def test_a_confirmation_is_about_the_name_that_was_asked(at_work: Parts, cast: Cast) -> None:
    office = Office(at_work, cast, now=NOON + timedelta(minutes=1))
    ask(at_work, cast)
    work(at_work)
    assert found(at_work, cast)[0] == "confirmed"
    office.decide(office.name("李方"))
    assert found(at_work, cast)[:2] == ("format", "match")


def test_an_answer_about_a_former_name_says_nothing_of_the_new_one(at_work: Parts, cast: Cast) -> None:
    check_id = ask(at_work, cast)
    with at_work.database.transaction() as session:
        identity.begin(session, at_work.keyring, {"check_id": str(check_id)}, now=NOON)
    office = Office(at_work, cast, now=NOON + timedelta(seconds=1))
    office.decide(office.name("李方"))
    with at_work.database.transaction() as session:
        identity.settle(session, check_id, Answer(Outcome.MATCH, "R1"), now=NOON + timedelta(seconds=2))
        assert session.get_one(DocumentCheck, check_id).outcome == "match"
        assert session.get_one(PersonDocument, cast.lifang.person_id).state == "format"


def test_two_clicks_are_one_question_and_later_there_may_be_another(at_work: Parts, cast: Cast) -> None:
    ask(at_work, cast)
    with pytest.raises(Conflict, match="identity_asked"):
        ask(at_work, cast)
    work(at_work)
    ask(at_work, cast)


def test_a_silent_service_is_left_in_peace(at_work: Parts, cast: Cast, service: Service) -> None:
    service.answer = fails(NoAnswer("timeout"))
    for _ in range(5):
        ask(at_work, cast)
        work(at_work)
    assert len(service.asked) == 3
    assert found(at_work, cast)[1] == "later"


def test_strangers_ask_nothing_and_without_a_service_nobody(at_work: Parts, cast: Cast) -> None:
    for stranger in (cast.sunyue, cast.lifang, cast.wanglei):
        with pytest.raises(NotFound):
            ask(at_work, cast, stranger)
    with at_work.database.transaction() as session, pytest.raises(Refused, match="identity_service_off"):
        identity.ask(session, cast.zhoumin, cast.enrollment, cast.lifang.person_id, "", now=NOON)
