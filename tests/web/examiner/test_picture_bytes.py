"""The bytes of a practical's picture over HTTP: for the few whom it concerns, kept by nobody, gone with her yes."""

import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.models.practice import PracticePicture
from lms.parts import Parts
from lms.services import practice
from lms.services.scopes import Actor
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast, Stage
from tests.support.practicals import GOOD, Practicals, open_class, photo, signing

ROUTES = {
    "examiner": "/examine/practicals/pictures/",
    "learner": "/learn/practicals/pictures/",
    "institution": "/institution/practicals/pictures/",
}


class Album:
    """One photo of 李芳's sitting, taken by 何平 with her yes, and who asks for it."""

    def __init__(self, client: FlaskClient, parts: Parts, cast: Cast, place: Practicals) -> None:
        self.client, self.parts, self.cast, self.place = client, parts, cast, place
        heping = place.examiners.heping
        with parts.database.transaction() as session:
            self.sitting = practice.open_sitting(session, heping, place.enrollment, place.wash, now=NOON)
            practice.record_given(session, heping, self.sitting, now=NOON)
            self.ready = practice.prepare(photo(), Path("unused"))
            self.picture = practice.keep(session, parts.store, heping, self.sitting, self.ready, now=NOON)

    @property
    def allowed(self) -> list[tuple[str, Actor]]:
        return [
            ("examiner", self.place.examiners.heping),
            ("learner", self.cast.lifang),
            ("institution", self.cast.zhoumin),
        ]

    def be(self, actor: Actor) -> FlaskClient:
        session_for(self.client, self.parts, actor)
        return self.client

    def url(self, route: str) -> str:
        return ROUTES[route] + str(self.picture)

    def looks(self) -> int:
        with self.parts.database.transaction(write=False) as session:
            seen = select(func.count()).where(AuditEvent.action == "practice.picture_look")
            return session.scalar(seen) or 0


@pytest.fixture
def album(client: FlaskClient, parts: Parts, cast: Cast, password_hash: str) -> Album:
    with parts.database.transaction() as session:
        place = open_class(session, parts.keyring, cast, password_hash)
    return Album(client, parts, cast, place)


def test_those_whom_it_concerns_get_it_and_no_cache_keeps_it(album: Album) -> None:
    for route, actor in album.allowed:
        got = album.be(actor).get(album.url(route))
        assert (got.status_code, got.data) == (200, album.ready.content), route
        with Image.open(io.BytesIO(got.data)) as opened:
            assert dict(opened.getexif()) == {}
        told = {name: got.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")}
        assert told == {
            "Content-Type": "image/jpeg",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }, route
        assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert got.headers["Content-Disposition"] == "attachment; filename=practical.jpeg"
        assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert not {"ETag", "Last-Modified"} & set(got.headers.keys())
        head = album.client.head(album.url(route))
        assert (head.status_code, head.data, head.content_length) == (200, b"", len(album.ready.content))
    assert album.looks() == 4  # two looks each of examiner and staff, none of her own


def test_nobody_else_gets_it(album: Album, parts: Parts, cast: Cast) -> None:
    judges = album.place.examiners
    with parts.database.transaction() as session:
        assert cast.chenmo.person_id
        Stage(session).enroll(album.place.cohort, cast.chenmo.person_id)  # a classmate
        session.add(Membership(account_id=cast.zhaoqin.account_id, organisation_id=cast.anhe, role="examiner"))
    refused = [
        ("examiner", judges.hanmei, 404),  # an examiner of the house who did not sign in this sitting
        ("examiner", cast.zhaoqin, 404),  # an examiner elsewhere
        ("examiner", judges.fengyan, 403),  # a mentor
        ("examiner", cast.zhoumin, 403),
        ("examiner", cast.lifang, 403),
        ("learner", cast.chenmo, 404),
        ("learner", judges.heping, 404),
        ("learner", cast.zhoumin, 404),
        ("institution", cast.sunyue, 404),
        ("institution", cast.wanglei, 403),
        ("institution", cast.wujian, 403),
        ("institution", cast.lifang, 403),
    ]
    for route, actor, status in refused:
        assert album.be(actor).get(album.url(route)).status_code == status, (route, actor.name)
    with album.client.session_transaction() as cookie:
        cookie.clear()
    for route in ROUTES:
        assert album.client.get(album.url(route)).status_code == 302, route  # to the login
    assert album.looks() == 0


def test_a_second_examiner_sees_it_once_she_has_signed(album: Album, parts: Parts) -> None:
    hanmei = album.place.examiners.hanmei
    with parts.database.transaction() as session:
        practice.submit_sheet(session, hanmei, album.sitting, signing(GOOD), now=NOON)
    assert album.be(hanmei).get(album.url("examiner")).data == album.ready.content


def test_with_her_yes_it_goes_for_everybody_even_before_the_object_is_deleted(album: Album, parts: Parts) -> None:
    with parts.database.transaction() as session:
        later = NOON + timedelta(minutes=1)
        practice.say_own(session, album.cast.lifang, album.place.enrollment, album.place.wash, given=False, now=later)
        key = session.get_one(PracticePicture, album.picture).object_key
    assert parts.store.stat(key) is not None  # the job has not run yet
    for route, actor in album.allowed:
        got = album.be(actor).get(album.url(route))
        assert (got.status_code, album.ready.content in got.data) == (404, False), route


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fkangxue.db", "..", "practicals%2Fx.jpeg", "%00", "0", "x.jpeg", str(uuid.UUID(int=7))]
)
def test_only_the_id_of_a_picture_leads_anywhere(album: Album, name: str) -> None:
    for route, actor in album.allowed:
        assert album.be(actor).get(ROUTES[route] + name).status_code == 404, route


def test_where_it_lies_is_drawn_not_taken_from_anything_sent(album: Album, parts: Parts) -> None:
    with parts.database.transaction(write=False) as session:
        key = session.get_one(PracticePicture, album.picture).object_key
    folder, name = key.split("/")
    stem, ending = name.split(".")
    assert (folder, ending, len(stem) >= 20) == ("practicals", "jpeg", True)
    assert str(album.picture) not in key
    assert stem not in album.be(album.cast.zhoumin).get(album.url("institution")).headers["Content-Disposition"]
