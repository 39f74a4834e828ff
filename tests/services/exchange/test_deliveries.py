"""Webhooks from the change to the other side: asked for once, tried again with pauses, replayed as they were."""

import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms import worker
from lms.adapters import webhook_signature
from lms.adapters.outbound import NotSent, Outbound
from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.identity import DocumentType
from lms.domain.webhooks import PAUSES, DeliveryState, Target
from lms.models.base import new_id
from lms.models.enrollments import Cohort
from lms.models.exchange import WebhookDelivery
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import enrollments, jobs, resealing
from lms.services.exchange import clerk, deliveries, sending, webhooks
from lms.services.exchange.deliveries import Outcome
from tests.support.cast import NOON, Cast

HOOK = "https://hooks.example.cn/kangxue"
ALL = ["cohort.changed", "enrollment.created", "enrollment.removed", "score.changed"]
ZHANG = {"name": "张秀英", "number": "219999196503024529", "phone": "19900000088"}


@pytest.fixture
def hook(parts: Parts, cast: Cast) -> tuple[uuid.UUID, str]:
    """康宁's subscription and its secret; what happened before is not told."""
    place(parts)
    with parts.database.transaction() as session:
        return webhooks.subscribe(
            session,
            parts.keyring,
            cast.zhoumin,
            organisation_id=cast.kangning,
            address=HOOK,
            events=ALL,
            demo=False,
            now=NOON,
        )


def place(parts: Parts) -> None:
    with parts.database.transaction() as session:
        clerk.place(session, now=NOON)


def sent(parts: Parts) -> list[WebhookDelivery]:
    with parts.database.transaction(write=False) as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def enroll(parts: Parts, cast: Cast) -> uuid.UUID:
    with parts.database.transaction() as session:
        kind = DocumentType.RESIDENT_ID
        return enrollments.enroll(
            session, parts.keyring, cast.zhoumin, cast.cohort, document_type=kind, now=NOON, **ZHANG
        ).id


def test_an_event_is_told_once_with_ids_and_no_names(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    made = enroll(parts, cast)
    place(parts)
    place(parts)
    (row,) = sent(parts)
    assert json.loads(row.body) == {
        "type": "enrollment.created",
        "timestamp": NOON.isoformat(),
        "data": {
            "organisation": str(cast.kangning),
            "cohort": str(cast.cohort),
            "enrollment": str(made),
            "state": "created",
        },
    }
    assert [each for each in ZHANG.values() if each in row.body] == []


def test_others_and_other_events_are_not_told(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    with parts.database.transaction() as session:
        session.execute(update(Cohort).where(Cohort.id == cast.foreign_cohort).values(name="别人的班"))
    place(parts)
    assert sent(parts) == []
    with parts.database.transaction() as session:
        webhooks.end(session, cast.zhoumin, hook[0], now=NOON)
    enroll(parts, cast)
    place(parts)
    assert sent(parts) == []


def test_a_try_that_fails_is_made_again_after_a_pause_and_in_the_end_given_up(
    parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]
) -> None:
    enroll(parts, cast)
    place(parts)
    (row,), at = sent(parts), NOON
    for tries, pause in enumerate([*PAUSES, None], start=1):
        with parts.database.transaction() as session:
            deliveries.settle(session, row.id, Outcome(status=503), now=at)
        (row,) = sent(parts)
        assert (row.tries, row.status, row.problem) == (tries, 503, "refused")
        assert row.next_at == (at + pause if pause else None)
        at = row.next_at or at
    assert row.state == DeliveryState.FAILED.value
    with parts.database.transaction(write=False) as session:
        due = session.scalars(select(Job.due_at).where(Job.kind == deliveries.DELIVER).order_by(Job.due_at)).all()
    assert len(due) == len(PAUSES) + 1
    assert due[1] - due[0] == PAUSES[0]


def test_the_worker_sends_what_is_due(
    parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[Target, dict[str, str], bytes]] = []

    def post(_self: Outbound, target: Target, headers: dict[str, str], body: bytes) -> int:
        heard.append((target, headers, body))
        return 204

    monkeypatch.setattr(Outbound, "post", post)
    enroll(parts, cast)
    place(parts)
    for _ in range(2):  # the second ring finds nothing to do
        with parts.database.transaction(write=False) as session:
            due = list(session.scalars(select(Job.id).where(Job.kind == deliveries.DELIVER)))
        for each in due:
            worker.run(parts, each)
    (row,) = sent(parts)
    assert (row.state, row.tries, row.status) == ("delivered", 1, 204)
    ((target, headers, body),) = heard
    assert (target.host, target.path, headers["webhook-id"]) == ("hooks.example.cn", "/kangxue", str(row.id))
    now = row.tried_at or NOON
    webhook_signature.verify(hook[1], headers, body, now=now)


def test_what_stands_in_the_way_is_told_by_a_code(parts: Parts) -> None:
    message = deliveries.Message(new_id(), HOOK, b"{}", (webhooks.new_secret(),))

    class Shut(Outbound):
        def post(self, *_told: object) -> int:
            raise NotSent("address_not_open")

    told = sending.post(message, demo=False, now=NOON, outbound=Shut(demo=False))
    assert told == Outcome(problem="address_not_open")
    plain = deliveries.Message(message.id, "http://hooks.example.cn/", b"{}", message.secrets)
    assert sending.post(plain, demo=False, now=NOON) == Outcome(problem="webhook_address_scheme")


def test_a_replay_is_the_same_message(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    enroll(parts, cast)
    place(parts)
    (row,) = sent(parts)
    with parts.database.transaction() as session:
        deliveries.settle(session, row.id, Outcome(status=200), now=NOON)
        assert deliveries.prepare(session, parts.keyring, row.id, now=NOON) is None
        with pytest.raises(NotFound):
            deliveries.replay(session, cast.sunyue, hook[0], row.id, now=NOON)
        deliveries.replay(session, cast.zhoumin, hook[0], row.id, now=NOON)
        message = deliveries.prepare(session, parts.keyring, row.id, now=NOON)
    assert message is not None
    assert (message.id, message.body) == (row.id, row.body.encode())
    with parts.database.transaction() as session:
        webhooks.end(session, cast.zhoumin, hook[0], now=NOON)
        assert deliveries.prepare(session, parts.keyring, row.id, now=NOON) is None
        with pytest.raises(Refused, match="webhook_ended"):
            deliveries.replay(session, cast.zhoumin, hook[0], row.id, now=NOON)


def test_a_changed_secret_overlaps_for_a_day(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    with parts.database.transaction() as session:
        fresh = webhooks.rotate(session, parts.keyring, cast.zhoumin, hook[0], now=NOON)
        sent_test = webhooks.send_test(session, cast.zhoumin, hook[0], now=NOON)
    for late, secrets in ((timedelta(hours=23), (fresh, hook[1])), (timedelta(hours=24), (fresh,))):
        with parts.database.transaction(write=False) as session:
            message = deliveries.prepare(session, parts.keyring, sent_test, now=NOON + late)
        assert message is not None
        assert message.secrets == secrets


def test_a_new_key_seals_secrets_anew(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    with parts.database.transaction() as session:
        fresh = webhooks.rotate(session, parts.keyring, cast.zhoumin, hook[0], now=NOON)
        sent_test = webhooks.send_test(session, cast.zhoumin, hook[0], now=NOON)
    ring = Keyring((("k2", bytes(32)), *parts.keyring.field_keys), parts.keyring.index_key)
    done = {step.field: step.done for step in resealing.rotate(parts.database.transaction, ring)}
    table = "webhook_subscriptions"
    assert (done[f"{table}.secret_sealed"], done[f"{table}.old_secret_sealed"]) == (1, 1)
    only = Keyring(ring.field_keys[:1], ring.index_key)
    with parts.database.transaction(write=False) as session:
        message = deliveries.prepare(session, only, sent_test, now=NOON)
    assert message is not None
    assert message.secrets == (fresh, hook[1])


def test_old_messages_are_forgotten(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    with parts.database.transaction() as session:
        webhooks.send_test(session, cast.zhoumin, hook[0], now=NOON)
        deliveries.forget(session, now=NOON + timedelta(days=29))
    assert len(sent(parts)) == 1
    with parts.database.transaction() as session:
        deliveries.forget(session, now=NOON + timedelta(days=30))
    assert sent(parts) == []


def test_secrets_are_sealed(parts: Parts, cast: Cast, hook: tuple[uuid.UUID, str]) -> None:
    with parts.database.transaction(write=False) as session:
        (view,) = webhooks.list_all(session, cast.zhoumin, now=NOON)
        row = session.get_one(webhooks.WebhookSubscription, view.id)
        assert hook[1] not in row.secret_sealed
        assert webhooks.list_all(session, cast.sunyue, now=NOON) == []


def test_jobs_of_webhooks_have_their_own_hands() -> None:
    assert set(worker.OUTWARD) == {deliveries.DELIVER}
    assert jobs.MAX_ATTEMPTS == 3  # of the worker's own mishaps; the other side's are counted by the delivery
