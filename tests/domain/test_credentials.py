"""What a credential says of a record, and the text that fits a QR code."""

import base64
import json
from datetime import UTC, date, datetime

import pytest

from lms.domain import credentials
from lms.domain.credentials import Issuer, Place, claims_of
from tests.support.cast import NOON
from tests.support.credentials import CODE, FACTS, ISSUER, Record


def made(**changed: object) -> dict[str, object]:
    record = Record(facts={**FACTS, **changed})
    claims = claims_of(record.code, record.facts, record.facts_hash, record.issued_at)
    return credentials.credential(ISSUER, claims, Place(1, 70_001))


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://kx.example", "did:web:kx.example"),
        ("https://kx.example:8443", "did:web:kx.example%3A8443"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_the_issuer_is_named_by_its_host(base_url: str, did: str) -> None:
    assert Issuer(base_url, "康学").did == did


def test_a_credential_says_what_the_record_says() -> None:
    told = json.loads(json.dumps(made()))
    subject = told["credentialSubject"]
    assert told["id"] == f"https://kx.example:8443/v/{CODE}.json"
    assert (told["issuer"]["id"], told["validFrom"]) == (ISSUER.did, "2026-11-23T04:00:00Z")
    assert subject["identifier"][0]["identityHash"] == "李*"
    assert subject["achievement"]["name"] == FACTS["course"]
    assert subject["achievement"]["creator"]["name"] == "康宁养老服务中心"
    assert [each["value"] for each in subject["result"]] == ["12.50", "86"]
    assert told["evidence"][0]["narrative"] == f"sha256:{Record().facts_hash}"
    assert told["credentialStatus"]["statusListIndex"] == "70001"
    assert "validUntil" not in told


def test_no_number_stands_outside_a_string() -> None:
    """Libraries write numbers in RDF in different ways, and then a signature holds in one and breaks in another."""

    def numbers(value: object) -> list[object]:
        if isinstance(value, dict):
            return [found for each in value.values() for found in numbers(each)]
        if isinstance(value, list):
            return [found for each in value for found in numbers(each)]
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []

    assert numbers(made(class_hour_hundredths=1, quiz_score=99)) == []


def test_two_credentials_have_no_common_name_for_a_holder() -> None:
    names = {
        credentials.credential(ISSUER, claims_of(code, FACTS, "0" * 64, NOON), Place(1, 1))["credentialSubject"]["id"]
        for code in (CODE, "A" * 5 + CODE[5:])
    }
    assert len(names) == 2


def test_newer_records_tell_hours_in_person_and_the_exam() -> None:
    told = json.loads(
        json.dumps(made(hours_hundredths={"online": 1250, "in_person": 400, "total": 1650}, exam={"percent": 91}))
    )
    assert [each["value"] for each in told["credentialSubject"]["result"]] == ["16.50", "86", "91"]
    described = [each["name"] for each in told["credentialSubject"]["achievement"]["resultDescription"]]
    assert described == ["学时（45 分钟一学时）", "测验成绩", "考试成绩"]


def test_the_description_tells_the_english_title_where_there_is_one() -> None:
    def told(title: str) -> str:
        return str(json.loads(json.dumps(made(course_en=title)))["credentialSubject"]["achievement"]["description"])

    assert "“Dementia care”" in told("Dementia care")
    assert "Completed" not in told("")


def test_without_a_score_none_is_told() -> None:
    subject = json.loads(json.dumps(made(quiz_score=None)))["credentialSubject"]
    assert len(subject["result"]) == len(subject["achievement"]["resultDescription"]) == 1


def test_the_last_valid_day_ends_at_midnight_in_china() -> None:
    claims = claims_of(CODE, FACTS, "0" * 64, NOON, date(2027, 11, 22))
    assert credentials.credential(ISSUER, claims, Place(1, 0))["validUntil"] == "2027-11-22T15:59:59Z"
    assert "validUntil" not in made()


def test_old_facts_that_say_little_still_make_a_credential() -> None:
    claims = claims_of(CODE, {}, "0" * 64, datetime(2026, 1, 1, tzinfo=UTC))
    assert (claims.course, claims.name_masked, claims.hours) == ("—", "—", "0.00")
    assert credentials.credential(ISSUER, claims, Place(1, 0))["name"] == "—"


def test_the_token_says_the_same_under_the_names_of_jwt() -> None:
    document = credentials.credential(ISSUER, claims_of(CODE, FACTS, "0" * 64, NOON, date(2027, 11, 22)), Place(1, 1))
    told = credentials.jwt_claims(document)
    assert (told["iss"], told["jti"]) == (ISSUER.did, document["id"])
    assert (told["nbf"], told["exp"]) == (int(NOON.timestamp()), 1_826_899_199)
    assert told["sub"] == document["credentialSubject"]["id"]
    assert document.items() <= told.items()


def test_the_qr_code_holds_the_facts_and_their_hash() -> None:
    record = Record(facts=FACTS)
    told = credentials.compact(claims_of(CODE, record.facts, record.facts_hash, NOON, date(2027, 11, 22)))
    assert (told["n"], told["h"], told["m"], told["s"], told["c"]) == ("李*", 1250, 45, "86", CODE)
    assert (told["d"], told["x"]) == ("2026-11-23T04:00:00Z", "2027-11-22T15:59:59Z")
    assert base64.urlsafe_b64decode(told["f"] + "=").hex() == record.facts_hash
