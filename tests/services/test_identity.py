"""Changes of who a learner is: a reason, two people, before and after; and two persons who are one human."""

import json
import uuid

import pytest
from sqlalchemy import select, update

from lms.domain.documents import DocumentType
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.people import Person, PersonDocument, PersonLink, PersonName
from lms.models.study import SharedWall, StudyLease
from lms.parts import Parts
from lms.services import enrollments, identity, people, sealed
from lms.services.scopes import Actor
from lms.verifier import open_reader, verify
from tests.support import history
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.identity import CHENMO, FREE, LIFANG, NOTE, REASON, Office
from tests.support.study import Phone, WoundClock


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    return Office(parts, cast)


def person(office: Office, who: Actor) -> Person:
    with office.parts.database.transaction(write=False) as session:
        return session.get_one(Person, who.person_id)


def printed(office: Office, who: Actor) -> str:
    found = person(office, who)
    return sealed.open_document(office.parts.keyring, found.id, found.document_sealed)


def register(office: Office, name: str, number: str) -> Person:
    told = {"name": name, "document_type": DocumentType.RESIDENT_ID, "number": number}
    with office.parts.database.transaction() as session:
        return people.register(session, office.parts.keyring, now=NOON, **told)


def test_a_name_is_put_right_by_two_of_the_institution(office: Office) -> None:
    change, colleague = office.name("李 方"), office.colleague()
    assert person(office, office.cast.lifang).name == "李芳"
    office.decide(change, actor=colleague, desk=Role.INSTITUTION)
    with office.parts.database.transaction(write=False) as session:
        names = session.scalars(select(PersonName.name).order_by(PersonName.since, PersonName.id)).all()
        account = session.get_one(Account, office.cast.lifang.account_id)
        (row,) = identity.list_changes(session, office.parts.keyring, office.cast.zhoumin, Role.INSTITUTION)
    assert (person(office, office.cast.lifang).name, account.name) == ("李 方", "李 方")
    assert [each for each in names if each.startswith("李")] == ["李芳", "李 方"]
    assert (row.before, row.after, row.reason, row.note) == ("李芳", "李 方", REASON, NOTE)
    assert (row.proposed_by, row.decided_by) == ("周敏", "王磊")
    assert register(office, "李方", LIFANG).id == office.cast.lifang.person_id


def test_what_was_rejected_changes_nothing(office: Office) -> None:
    office.decide(office.name("李方"), yes=False)
    assert person(office, office.cast.lifang).name == "李芳"


def test_a_wrong_number_is_replaced_and_evidence_stays(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """I17: the chain knows her by an id, so a mistyped number leaves it valid; her pid never changes."""
    history.study(office.parts, office.cast, WoundClock(monkeypatch))
    before = person(office, office.cast.lifang)
    office.decide(office.number(FREE, before.id))
    after = person(office, office.cast.lifang)
    assert (after.pid, printed(office, office.cast.lifang)) == (before.pid, FREE)
    assert register(office, "李芳", FREE).id == before.id
    with open_reader(office.parts.database.engine.url.render_as_string(hide_password=False)) as reader:
        assert verify(reader).findings == []


def test_the_owner_of_the_mistyped_number_is_somebody_else(office: Office) -> None:
    office.decide(office.number(FREE, office.cast.lifang.person_id))
    other = register(office, "张三", LIFANG)
    assert other.id != office.cast.lifang.person_id
    assert other.pid != person(office, office.cast.lifang).pid
    assert register(office, "张三", LIFANG).id == other.id


def test_one_more_document_finds_the_same_person(office: Office) -> None:
    office.decide(office.number("h12345678", kind=DocumentType.HK_MACAO_PERMIT))
    told = {"name": "李芳", "document_type": DocumentType.HK_MACAO_PERMIT, "number": "H12345678"}
    with office.parts.database.transaction() as session:
        found = people.register(session, office.parts.keyring, now=NOON, **told)
        view = identity.of_learner(session, office.parts.keyring, office.cast.zhoumin, office.cast.enrollment, now=NOON)
    assert found.id == office.cast.lifang.person_id
    assert printed(office, office.cast.lifang) == LIFANG
    assert [(each.number, each.is_current, each.state.value) for each in view.documents] == [
        ("219999********0026", True, "format"),
        ("H1*****78", False, "unchecked"),
    ]


def test_reports_print_the_document_that_is_chosen(office: Office) -> None:
    office.decide(office.number(FREE))
    who = (office.parts.keyring, office.cast.zhoumin, office.cast.enrollment)
    with office.parts.database.transaction() as session:
        view = identity.of_learner(session, *who, now=NOON)
        identity.print_document(session, *who, view.documents[1].id, now=NOON)
    assert printed(office, office.cast.lifang) == FREE
    with office.parts.database.transaction(write=False) as session:
        shown = identity.of_learner(session, *who, now=NOON).documents
    assert [each.is_current for each in shown] == [True, False]


def test_it_takes_two_people_at_the_right_desk(office: Office) -> None:
    name, number, colleague = office.name("李方"), office.number(FREE), office.colleague()
    for change, who, code in (
        (name, {"actor": office.cast.zhoumin, "desk": Role.INSTITUTION}, "identity_second_person"),
        (number, {"actor": colleague, "desk": Role.INSTITUTION}, "identity_for_platform"),
    ):
        with pytest.raises(Forbidden, match=code):
            office.decide(change, **who)
    office.decide(number)
    with pytest.raises(Conflict, match="identity_decided"):
        office.decide(number)


def test_nobody_changes_her_own_record(office: Office) -> None:
    herself = Actor(office.cast.zhoumin.account_id, office.cast.lifang.person_id, "", office.cast.zhoumin.roles)
    with pytest.raises(Forbidden, match="identity_own"):
        office.name("李方", actor=herself)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (lambda office: office.name("李芳"), "identity_unchanged"),
        (lambda office: office.name(" "), "name_missing"),
        (lambda office: office.name("李方", "太短"), "words_length"),
        (lambda office: office.number(LIFANG), "identity_unchanged"),
        (lambda office: office.number("12345"), "document_shape"),
    ],
)
def test_what_cannot_be_proposed(office: Office, what: object, code: str) -> None:
    with pytest.raises(Refused, match=code):
        what(office)  # type: ignore[operator]


def test_what_has_moved_on_is_not_approved(office: Office) -> None:
    one, other = office.name("李方"), office.name("李坊")
    office.decide(one)
    with pytest.raises(Conflict, match="identity_moved_on"):
        office.decide(other)
    assert person(office, office.cast.lifang).name == "李方"


def test_strangers_propose_decide_and_see_nothing(office: Office) -> None:
    change = office.name("李方")
    for stranger in (office.cast.sunyue, office.cast.wanglei, office.cast.lifang):
        with pytest.raises(NotFound):
            office.name("李方", actor=stranger)
        with pytest.raises(NotFound):
            office.decide(change, actor=stranger, desk=Role.INSTITUTION)
        with office.parts.database.transaction(write=False) as session:
            assert identity.list_changes(session, office.parts.keyring, stranger, Role.INSTITUTION) == []
    with pytest.raises(NotFound):
        office.number(FREE, office.cast.chenmo.person_id)  # a document of somebody else
    with office.parts.database.transaction(write=False) as session:
        own = identity.list_own(session, office.parts.keyring, office.cast.chenmo)
    assert own == []


def test_a_number_of_another_person_looks_the_same_to_the_institution(office: Office) -> None:
    """康宁 learns neither that the number is known at 安和, nor that two persons were joined."""
    views = []
    for number, living in ((FREE, None), (CHENMO, office.cast.lifang.person_id)):
        change = office.number(number)
        with office.parts.database.transaction(write=False) as session:
            keyring = office.parts.keyring
            mine = identity.get_change(session, keyring, office.cast.zhoumin, Role.INSTITUTION, change)
            platform = identity.get_change(session, keyring, office.cast.admin, Role.PLATFORM, change)
        assert (mine.other, mine.mine, mine.overlap_ms) == (None, None, 0)
        assert (platform.other is None) == (living is None)
        office.decide(change, living=living)
        with office.parts.database.transaction(write=False) as session:
            acts = session.scalars(select(AuditEvent).where(AuditEvent.organisation_id == office.cast.kangning))
            told = [(each.action, each.detail) for each in acts if each.subject == str(change)]
            view = identity.of_learner(session, keyring, office.cast.zhoumin, office.cast.enrollment, now=NOON)
        shown = [each.state for each in view.documents if each.number == number[:6] + "********" + number[-4:]]
        views.append((told, shown))
    assert views[0] == views[1]


def test_somebody_must_choose_who_lives_on(office: Office) -> None:
    change = office.number(CHENMO)
    for living in (None, uuid.uuid4()):
        with pytest.raises(Conflict, match="identity_choose_living"):
            office.decide(change, living=living)
    with office.parts.database.transaction(write=False) as session:
        assert session.scalars(select(PersonLink)).all() == []


def test_joined_persons_are_found_as_the_living_one_under_either_name(office: Office) -> None:
    office.join()
    living = office.cast.lifang.person_id
    assert {register(office, name, CHENMO).id for name in ("李芳", "陈默")} == {living}
    with pytest.raises(Refused, match="person_name_differs"):
        register(office, "张三", CHENMO)


def test_a_joined_person_is_enrolled_where_her_phone_finds_the_class_and_once(office: Office) -> None:
    office.join()
    told = {"name": "陈默", "document_type": DocumentType.RESIDENT_ID, "number": CHENMO}
    with office.parts.database.transaction() as session:
        keyring, actor = office.parts.keyring, office.cast.zhoumin
        for phone in ("19900000001", "19900000002"):
            with pytest.raises(Conflict, match="already_enrolled"):
                enrollments.enroll(session, keyring, actor, office.cast.cohort, phone=phone, now=NOON, **told)
        enrollments.remove(session, actor, office.cast.cohort, office.cast.enrollment, now=NOON)
        made = enrollments.enroll(session, keyring, actor, office.cast.cohort, phone="19900000002", now=NOON, **told)
    assert made.person_id == office.cast.chenmo.person_id
    assert person(office, office.cast.lifang).name == "李芳"  # the living one is never deleted


def test_who_was_joined_can_be_joined_again(office: Office) -> None:
    office.join()
    third = register(office, "李芳", FREE)
    change = office.number(FREE, actor=office.cast.sunyue, enrollment=office.cast.foreign_enrollment)
    with office.parts.database.transaction(write=False) as session:
        seen = identity.get_change(session, office.parts.keyring, office.cast.admin, Role.PLATFORM, change)
    assert seen.mine is not None
    assert seen.mine.id == office.cast.lifang.person_id  # 陈默 points at her, so it is she who could live on
    office.decide(change, living=third.id)
    with office.parts.database.transaction(write=False) as session:
        links = dict(session.execute(select(PersonLink.person_id, PersonLink.living_id)).all())
    assert links == {office.cast.lifang.person_id: third.id, office.cast.chenmo.person_id: third.id}


def test_a_mistyped_person_can_still_be_forgotten(office: Office) -> None:
    told = {"name": "王宏", "document_type": DocumentType.RESIDENT_ID, "number": FREE, "phone": "19900000099"}
    staff, cohort = office.cast.zhoumin, office.cast.cohort
    with office.parts.database.transaction() as session:
        made = enrollments.enroll(session, office.parts.keyring, staff, cohort, now=NOON, **told)
    office.name("王红", enrollment=made.id)
    with office.parts.database.transaction() as session:
        enrollments.remove(session, staff, cohort, made.id, now=NOON)
    with office.parts.database.transaction(write=False) as session:
        gone = select(PersonDocument).where(PersonDocument.person_id == made.person_id)
        assert session.scalars(gone).all() == []


def phones(office: Office) -> tuple[Phone, Phone]:
    cast, lesson = office.cast, office.cast.lessons["say-hello"]
    return (
        Phone(office.parts, cast.lifang, cast.enrollment, lesson),
        Phone(office.parts, cast.chenmo, cast.foreign_enrollment, lesson),
    )


def findings(office: Office) -> list[str]:
    with open_reader(office.parts.database.engine.url.render_as_string(hide_password=False)) as reader:
        return [str(each) for each in verify(reader).findings]


def test_wall_time_is_one_from_the_link_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    wound = WoundClock(monkeypatch)
    one, other = phones(office)
    one.open()
    other.open()
    wound.forward(20_000)
    assert one.beat(0, 20_000)["credited_total_ms"] == other.beat(0, 20_000)["credited_total_ms"] == 20_000
    change = office.number(CHENMO)
    with office.parts.database.transaction(write=False) as session:
        seen = identity.get_change(session, office.parts.keyring, office.cast.admin, Role.PLATFORM, change)
    assert seen.overlap_ms == 20_000
    office.decide(change, living=office.cast.lifang.person_id)
    wound.forward(20_000)
    mine = one.beat(20_000, 40_000)["credited_total_ms"]
    theirs = other.beat(20_000, 40_000)["credited_total_ms"]
    assert (mine, theirs) == (40_000, 20_000)  # the twenty seconds were used by the first who told
    wound.forward(10_000)
    assert other.beat(20_000, 40_000)["credited_total_ms"] == 30_000
    assert findings(office) == []


def test_a_gap_finds_the_time_of_the_other_self_used(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    wound = WoundClock(monkeypatch)
    one, other = phones(office)
    one.open()
    wound.forward(20_000)
    one.beat(0, 20_000)
    office.join()
    other.open()
    wound.forward(30_000)
    other.beat(0, 30_000)
    kept = one.gap((20_000, 50_000, 0, 30_000))
    told = json.loads(one.upload(kept))
    assert [(part["verdict"], part["credited_ms"]) for part in told["parts"]] == [("wall_time_used", 0)]
    assert findings(office) == []


def test_an_insider_who_uses_the_time_of_the_other_self_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses overlaps of one person; over both, the auditor names them."""
    wound = WoundClock(monkeypatch)
    one, other = phones(office)
    office.join()
    one.open()
    wound.forward(20_000)
    one.beat(0, 20_000)
    with office.parts.database.transaction() as session:
        session.execute(update(SharedWall).values(high_water_ms=0))
        session.execute(update(StudyLease).values(high_water_ms=0))
    other.open()
    wound.forward(1)
    with office.parts.database.transaction() as session:
        session.execute(update(SharedWall).values(high_water_ms=0))
        session.execute(update(StudyLease).values(high_water_ms=0))
    other.beat(0, 10_000)
    assert any("wall_from_ms" in each for each in findings(office))


def test_two_accounts_of_one_human_are_not_two_people(office: Office) -> None:
    first, again = one_human(office.parts, office.cast, [office.cast.zhoumin, office.colleague()])
    change = office.name("李方", actor=first)
    with pytest.raises(Forbidden, match="identity_second_person"):
        office.decide(change, actor=again, desk=Role.INSTITUTION)
