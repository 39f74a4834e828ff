"""What 康宁's desks keep because they file, import, export and answer: the other half of what the crawl asks for."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from lms import crypto
from lms.domain.records import ProposalKind, StateReason, hash_of, write
from lms.domain.reporting import ReportKind
from lms.domain.reveals import Purpose, RevealField
from lms.domain.rights import Asked
from lms.domain.roles import Role
from lms.domain.sampling import SampleKind
from lms.domain.webhooks import CHOSEN
from lms.models.base import new_id
from lms.models.claims import Claim
from lms.models.crosschecks import OutsideList, OutsideMatch, PatternFlag, PatternPerson
from lms.models.enrollments import Enrollment
from lms.models.exchange import ServiceToken
from lms.models.filings import PlanItem
from lms.models.papers import PaperBundle
from lms.models.records import Record
from lms.models.rights import MonthlyStatement
from lms.models.shares import Share
from lms.models.subsidies import SubsidyVersion
from lms.parts import Parts
from lms.services import dossiers, exports, filings, papers, records, renewals, reveals, rights, samples, subsidies
from lms.services.exchange import webhooks
from lms.services.rights.keys import export_key
from tests.support import filing, identity
from tests.support.cast import NOON, Cast
from tests.support.ledger import Scribe
from tests.support.noticed import Board, claim, notices
from tests.support.roster_acts import checked
from tests.support.rosters import plain, workbook
from tests.support.services import token_for
from tests.support.skills import FILING, ROWS, Desk
from tests.support.study import now
from tests.support.subsidised import Funded

Ids = dict[str, object]
ORDER = exports.Order("hours", {"cohort": None}, "csv", 3_000, "学时统计表.csv", "hours.csv", "zh_Hans")
MONTH = NOON.date().replace(day=1)
CONTENT = b"a file"
CERTIFIED = {"course": "失智老人照护", "course_en": "Dementia care", "class_hour_hundredths": 450}
# Labels refuse what could be a person's number, and about one random id in two hundred holds such digits.
LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True)
class Desks:
    """康宁's desks in a test, and a folder for the files they keep."""

    parts: Parts
    cast: Cast
    folder: Path

    def furnish(self) -> tuple[Ids, Ids, Ids]:
        """The ids that go with every set; those of a filed class; those of desks that call other things the same."""
        everywhere = {
            **self._programs(),
            **self._record(),
            **self._files(),
            **self._share(),
            "sample_id": self._sample(),
            "place": 1,
        }
        everywhere |= notices(self.parts, self.cast)
        everywhere |= self._skills() | self._policies() | self._claim() | self._checks()
        everywhere["import_id"] = checked(self.parts, self.cast, workbook(plain(2)))
        with self.parts.database.transaction() as session:
            theirs = dossiers.ask(session, self.cast.wujian, Role.INSPECTOR, self.cast.cohort, now=now())
        self._make_dossier(theirs)
        other: Ids = {"dossier_id": theirs, "export_id": self._own_file(), "subject_id": self.cast.cohort}
        other["claim_id"] = claim(Board(self.parts, self.cast)).claim
        return everywhere, self._filing(), other

    def _programs(self) -> Ids:
        """A program with a token, and where it is told of events."""
        token_for(self.parts, self.cast, self.cast.zhoumin)
        newest = select(ServiceToken).order_by(ServiceToken.id.desc()).limit(1)
        where = {"organisation_id": self.cast.kangning, "address": "https://example.com/hook", "events": CHOSEN}
        with self.parts.database.transaction() as session:
            token = session.scalars(newest).one()
            who = (session, self.parts.keyring, self.cast.zhoumin)
            made, _secret = webhooks.subscribe(*who, **where, demo=False, now=now())
            sent = webhooks.send_test(session, self.cast.zhoumin, made, now=now())
            known = {"service_id": token.service_id, "token_id": token.id}
        return {**known, "subscription_id": made, "delivery_id": sent}

    def _record(self) -> Ids:
        """What is on record of 李芳: a name proposed, a number seen, a wish, last month."""
        Scribe(self.parts, self.cast).study("say-hello", (0, 10_000), NOON)
        change = identity.Office(self.parts, self.cast).name("李方")
        lifang, place = self.cast.lifang, self.cast.enrollment
        assert lifang.person_id
        mine = select(MonthlyStatement.id).where(MonthlyStatement.person_id == lifang.person_id)
        seen = (RevealField.NUMBER, Purpose.CLAIM, identity.REASON)
        with self.parts.database.transaction() as session:
            reveals.reveal(session, self.parts.keyring, self.cast.zhoumin, place, *seen, now=now())
            wish = rights.ask(session, lifang, Asked.CORRECTION, "我的名字写错了，请改过来", now=now())
            made = Record(
                id=new_id(),
                enrollment_id=place,
                code=crypto.verification_code(),
                facts=CERTIFIED,
                facts_hash=hash_of(write(CERTIFIED)),
                issued_at=now(),
            )
            session.add(made)
            session.flush()
            taken = (made.id, ProposalKind.REVOKE, StateReason.MISTAKE, "这份记录的班期写错了，要撤销")
            proposed = records.propose(session, self.cast.zhoumin, Role.INSTITUTION, *taken, now=now())
            renewals.fix(session, session.get_one(Enrollment, place), issued_at=now())
            rights.statements.write(session, lifang.person_id, MONTH, now=now())
            statement = session.scalars(mine).one()
        known = {
            "record_id": made.id,
            "proposal_id": proposed,
            "change_id": change,
            "document_id": lifang.person_id,
            "request_id": wish,
        }
        return {**known, "statement_id": statement, "subject_id": place}

    def _skills(self) -> Ids:
        """A certificate that 李芳 entered; a filing of the register and a table, which are the platform's."""
        desk, one = Desk(self.parts, self.cast, now()), uuid.uuid4().hex.translate(LETTERS)
        filing = desk.file(number=f"{FILING.number}-{one}")
        table = desk.publish(code=one.upper(), scheme=f"某学院 {one}", rows=ROWS)
        known = {"qualification_id": desk.enter(), "filing_id": filing, "table_id": table}
        return {**known, "evidence_id": Funded(self.parts, self.cast, now()).enter()}

    def _policies(self) -> Ids:
        """A subsidy policy and a draft of a new version, which are the platform's."""
        with self.parts.database.transaction() as session:
            subsidies.load_shipped(session, now=now())
            policy = session.scalars(select(SubsidyVersion.id).where(SubsidyVersion.code == "LN-2023")).one()
            return {"policy_id": policy, "policy_draft_id": subsidies.make(session, self.cast.admin, policy, now=now())}

    def _checks(self) -> Ids:
        """A list that 李芳 stands on, and a strange pattern of her class."""
        person, keeper = self.cast.lifang.person_id, self.cast.wujian.account_id
        place = {"organisation_id": self.cast.kangning}
        told = {"kind": "pensioner", "source": "社保中心", "as_of_on": NOON.date(), "basis": "比对协议"}
        kept = {"keeper_id": keeper, "kept_until": NOON.date() + timedelta(days=90), "entries": 1, "problems": []}
        brought = OutsideList(id=new_id(), brought_at=now(), **place, **told, **kept)
        match = OutsideMatch(id=new_id(), list_id=brought.id, person_id=person, name_fits=True, found_at=now())
        flag = PatternFlag(
            id=new_id(), key=uuid.uuid4().hex, pattern="ghost_cohort", cohort_id=self.cast.cohort, **place
        )
        flag.subject, flag.evidence, flag.raised_at = "", [], now()
        flag.detail = {"persons": 1, "members": 1, "days": 2}
        with self.parts.database.transaction() as session:
            for each in (brought, match, flag):
                session.add(each)
                session.flush()
            session.add(PatternPerson(flag_id=flag.id, person_id=person, is_suspect=True))
            return {"outside_id": brought.id, "match_id": match.id, "flag_id": flag.id}

    def _share(self) -> Ids:
        """A link by which 李芳 shows her records."""
        assert self.cast.lifang.person_id
        hers = Share(
            id=new_id(),
            person_id=self.cast.lifang.person_id,
            token_digest=crypto.digest(uuid.uuid4().hex),
            reader="other",
        )
        hers.with_name, hers.made_at, hers.expires_at = False, now(), now() + timedelta(days=7)
        with self.parts.database.transaction() as session:
            session.add(hers)
            return {"share_id": hers.id}

    def _files(self) -> Ids:
        """A view that 周敏 keeps, a file she ordered, the dossier of a class, and its certificates."""
        zhoumin, hours = self.cast.zhoumin, {"kind": ReportKind.HOURS.value, "asked": {}}
        kept = {"name": "每周学时", "every": "weekly", "file_format": "csv", "language": "zh_Hans"}
        with self.parts.database.transaction() as session:
            view = exports.save_view(session, zhoumin, **hours, **kept, now=now())
            made = exports.order(session, zhoumin, ORDER, now=now())
            dossier = dossiers.ask(session, zhoumin, Role.INSTITUTION, self.cast.cohort, now=now())
            told = {"key": self._store("exports/one.csv"), "size": len(CONTENT), "digest": "d" * 64}
            exports.settle(session, made, **told, now=now())
        self._make_dossier(dossier)
        with self.parts.database.transaction() as session:
            bundle = papers.ask(session, zhoumin, self.cast.cohort, now=now())
            papers.prepare(session, bundle, now=now())
            self._store(session.get_one(PaperBundle, bundle).object_key)
            papers.settle(session, bundle, papers.Made(0, 1, len(CONTENT), "d" * 64), now=now())
        return {"view_id": view, "export_id": made, "dossier_id": dossier, "bundle_id": bundle}

    def _make_dossier(self, dossier_id: uuid.UUID) -> None:
        with self.parts.database.transaction() as session:
            self._store(dossiers.wanted(session, dossier_id).object_key)
            dossiers.settle(session, dossier_id, dossiers.Made(len(CONTENT), "d" * 64), now=now())

    def _own_file(self) -> uuid.UUID:
        """All that is kept of 李芳, as she asked for it."""
        with self.parts.database.transaction() as session:
            made = rights.exporting.ask(session, self.cast.lifang, now=now())
            self._store(export_key(made))
            rights.exporting.settle(session, made, CONTENT, now=now())
        return made

    def _store(self, key: str) -> str:
        file = self.folder / "stored"
        file.write_bytes(CONTENT)
        self.parts.store.put_file(key, file, "application/octet-stream")
        return key

    def _sample(self) -> uuid.UUID:
        """What 吴检 drew."""
        with self.parts.database.transaction() as session:
            place = samples.place_of(session, self.cast.wujian, self.cast.kangning)
            wanted = (place, SampleKind.LEARNERS, 1)
            return samples.draw(session, self.cast.wujian, *wanted, seed="0123456789abcdef", now=now())

    def _claim(self) -> Ids:
        """A claim of subsidies that was handed in."""
        made = Claim(
            id=new_id(),
            organisation_id=self.cast.kangning,
            cohort_id=self.cast.cohort,
            kind="training",
            fund="employment",
            policy_code="LN-2021",
            policy_digest="",
            state="filed",
            version=1,
            made_by=self.cast.zhoumin.account_id,
            made_at=now(),
            filed_by=self.cast.zhoumin.account_id,
            filed_at=now(),
        )
        with self.parts.database.transaction() as session:
            session.add(made)
            session.flush()
            return {"claim_id": made.id}

    def _filing(self) -> Ids:
        """A class that was filed and approved, and a learner to be added to its roster."""
        office = filing.Office(self.parts, self.cast, now() - timedelta(days=1)).approved()
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, self.cast.zhoumin, office.cohort)
            change = filings.propose_addition(*who, **filing.NEW, reason=filing.REASON, now=now())  # type: ignore[arg-type]
            item = session.scalars(select(PlanItem.id).where(PlanItem.cohort_id == office.cohort).limit(1)).one()
        return {"cohort_id": office.cohort, "item_id": item, "change_id": change}
