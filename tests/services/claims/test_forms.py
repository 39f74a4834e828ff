"""What the forms of a claim say of a certificate from elsewhere and of a verified group: from the frozen line."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lms.domain.eligibility.findings import Candidate, Finding, Outcome
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.skills import Qualification
from lms.parts import Parts
from lms.services import eligibility, sealed
from lms.services.claims import forms
from tests.support.cast import NOON, Cast
from tests.support.claims import Claims, claims_desk

CERTIFICATE = "S000021000001265000123"
SHOWN = Finding("group", Outcome.MET, "group_shown", None, "测试第二条", {"group": "unemployed"})


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    return claims_desk(parts, cast, monkeypatch)


def certified(desk: Claims) -> dict[str, Any]:
    """A certificate from elsewhere, whose number is sealed."""
    made = new_id()
    with desk.parts.database.transaction() as session:
        row = Qualification(
            id=made,
            person_id=desk.cast.lifang.person_id,
            organisation_id=None,
            kind="skill_level",
            occupation="养老护理员",
            level=1,
            issuer="测试评价机构",
            issuer_code="",
            number_sealed=sealed.seal_qualification(desk.parts.keyring, made, CERTIFICATE),
            number_index="x",
            issued_on=date(2026, 11, 20),
            valid_until=None,
            entered_by=desk.maker.account_id,
            entered_at=NOON,
        )
        session.add(row)
    return {"certificate_number": None, "certificate_id": made, "certificate_kind": "skill_level"}


def read(desk: Claims, claim_id: Any, *, unmasked: bool) -> forms.PersonRow:
    with desk.parts.database.transaction(write=False) as session:
        who = (session, desk.parts.keyring, desk.maker, claim_id, Role.INSTITUTION)
        (row,) = forms.read(*who, unmasked=unmasked).rows
        return row


def test_a_sealed_certificate_is_opened_for_whole_numbers_only(desk: Claims, monkeypatch: pytest.MonkeyPatch) -> None:
    told = certified(desk)

    def of_cohort(*args: Any, **more: Any) -> list[Candidate]:
        return [
            replace(each, assessment=replace(each.assessment, funding=(*each.assessment.funding, SHOWN)), **told)
            for each in desk.of_cohort(*args, **more)
        ]

    monkeypatch.setattr(eligibility, "of_cohort", of_cohort)
    made = desk.filed()
    masked, whole = (read(desk, made, unmasked=each) for each in (False, True))
    assert (whole.certificate, whole.group) == (CERTIFICATE, "unemployed")
    assert masked.certificate not in ("", CERTIFICATE)
    assert (masked.group, masked.payee) == ("unemployed", None)


def test_what_nothing_tells_stays_empty(desk: Claims) -> None:
    row = read(desk, desk.make(), unmasked=True)
    assert (row.group, row.payee, row.certificate) == (None, None, "DEMO0000001")
