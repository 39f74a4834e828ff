"""A completion record as an Open Badge (1EdTech Open Badges 3.0 over W3C VC Data Model 2.0), and as text of a QR code.

Nothing here signs. No number stands outside a string: libraries write a fraction in RDF in different ways, and then a
signature holds in one and breaks in another.
"""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from lms.domain.frozen import hour_hundredths

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",  # the type of `credentialSchema` means nothing without
)
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
COMPACT_FORMAT = 1
NO_FURTHER_WORD = "—"


class KeyKind(StrEnum):
    """ED25519 signs documents, status lists and QR codes; RSA signs the JWT that every reader of badges must know."""

    ED25519 = "ed25519"
    RSA = "rsa"


class Withdrawal(StrEnum):
    """Why a credential no longer counts: its record was taken back, or another took its place."""

    REVOKED = "revoked"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Issuer:
    """Who signs: this site, under its public address; `name` as people read it."""

    base_url: str
    name: str

    @property
    def did(self) -> str:
        """Its name in the web's own register (did:web: the port, if there is one, with its colon escaped)."""
        return "did:web:" + quote(urlsplit(self.base_url).netloc, safe="")

    def method(self, key_id: str) -> str:
        """The full name of one of its keys."""
        return f"{self.did}#{key_id}"

    def record_url(self, code: str, ending: str = "") -> str:
        """Where a record is checked."""
        return f"{self.base_url}/v/{code}{ending}"

    def list_url(self, number: int) -> str:
        """Where one of its status lists stands."""
        return f"{self.base_url}/credentials/status/{number}"

    def profile(self) -> dict[str, Any]:
        """Itself as a credential names it."""
        return {"id": self.did, "type": ["Profile"], "name": self.name, "url": f"{self.base_url}/"}


@dataclass(frozen=True)
class Place:
    """One bit of a status list: the number of the list, and the index in it."""

    number: int
    index: int


@dataclass(frozen=True)
class Claims:
    """What a record says, as far as a credential tells it.

    `course_en`: "" where it has no English title; `hundredths`: class hours, those in person too where there were any;
    `score`: mean of the quizzes, `exam`: best per cent of the exam, each "" where there is none; `until`: when it stops
    being valid.
    """

    code: str
    facts_hash: str
    issued_at: datetime
    name_masked: str
    course: str
    course_en: str
    course_version: str
    content_hash: str
    institution: str
    cohort: str
    hundredths: int
    minutes: int
    score: str
    exam: str
    policy: str
    until: datetime | None

    @property
    def hours(self) -> str:
        """Class hours in figures, such as “12.50”."""
        return f"{self.hundredths // 100}.{self.hundredths % 100:02d}"


def claims_of(
    code: str, facts: Mapping[str, Any], facts_hash: str, issued_at: datetime, valid_until: date | None = None
) -> Claims:
    """Reads frozen facts of any format; what an older format does not say stays empty. `valid_until`: the last day."""
    score = facts.get("quiz_score")
    exam = facts.get("exam") or {}
    return Claims(
        code=code,
        facts_hash=facts_hash,
        issued_at=issued_at.astimezone(UTC).replace(microsecond=0),
        name_masked=str(facts.get("name_masked") or NO_FURTHER_WORD),
        course=str(facts.get("course") or NO_FURTHER_WORD),
        course_en=str(facts.get("course_en") or ""),
        course_version=str(facts.get("course_version", "")),
        content_hash=str(facts.get("content_hash", "")),
        institution=str(facts.get("institution") or NO_FURTHER_WORD),
        cohort=str(facts.get("cohort") or NO_FURTHER_WORD),
        hundredths=hour_hundredths(facts),
        minutes=int(facts.get("minutes_per_class_hour") or 0),
        score="" if score is None else str(score),
        exam=str(exam.get("percent", "")),
        policy=str(facts.get("policy", "")),
        until=_end_of(valid_until) if valid_until else None,
    )


def _end_of(day: date) -> datetime:
    """The last second of a day as China counts days."""
    return datetime.fromisoformat(f"{day.isoformat()}T23:59:59+08:00").astimezone(UTC)


def moment(at: datetime) -> str:
    """A moment as a dateTimeStamp in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def named(issuer: Issuer, *parts: str) -> str:
    """A lasting name (urn:uuid) for something this issuer speaks of, the same each time."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '/'.join((issuer.base_url, *parts)))}"


def credential(issuer: Issuer, claims: Claims, place: Place) -> dict[str, Any]:
    """The credential, unsigned. Its holder has another name in each, so that two of them are not tied together."""
    made: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": issuer.record_url(claims.code, ".json"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": claims.course,
        "issuer": issuer.profile(),
        "validFrom": moment(claims.issued_at),
        "credentialSubject": _subject(issuer, claims),
        "evidence": [_evidence(issuer, claims)],
        "credentialStatus": status_entry(issuer, place),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if claims.until:
        made["validUntil"] = moment(claims.until)
    return made


def _subject(issuer: Issuer, claims: Claims) -> dict[str, Any]:
    masked = {"hashed": False, "identityHash": claims.name_masked, "identityType": "ext:maskedName"}
    results = _results(issuer, claims)
    return {
        "id": named(issuer, "holders", claims.code),
        "type": ["AchievementSubject"],
        "identifier": [{"type": "IdentityObject", **masked}],
        "licenseNumber": claims.code,
        "term": claims.cohort,
        "result": [
            {"type": ["Result"], "resultDescription": described["id"], "value": value} for described, value in results
        ],
        "achievement": _achievement(issuer, claims, [described for described, _ in results]),
    }


def _results(issuer: Issuer, claims: Claims) -> list[tuple[dict[str, Any], str]]:
    """Each kind of result described, with its value; what was not asked is not told."""
    score = {"resultType": "RawScore", "valueMax": "100"}
    told = (
        ("hours", {"name": f"学时（{claims.minutes} 分钟一学时）", "resultType": "ext:ClassHours"}, claims.hours),
        ("score", {"name": "测验成绩", **score}, claims.score),
        ("exam", {"name": "考试成绩", **score}, claims.exam),
    )
    kind = {"type": ["ResultDescription"]}
    return [
        ({"id": named(issuer, claims.content_hash, name), **kind, **words}, value)
        for name, words, value in told
        if value
    ]


def _achievement(issuer: Issuer, claims: Claims, described: list[dict[str, Any]]) -> dict[str, Any]:
    told = f" Completed the course “{claims.course_en}”. A record of learning, not a vocational skill level."
    english = told if claims.course_en else ""  # the schema takes one string for each description
    made = {
        "id": named(issuer, "courses", claims.content_hash),
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": claims.course,
        "description": f"完成培训课程《{claims.course}》。这是学习结业记录，不是职业技能等级证书。{english}",
        "criteria": {"narrative": f"按政策 {claims.policy} 学完规定学时，通过规定的测验和考核。"},
        "creator": {
            "id": named(issuer, "institutions", claims.institution),
            "type": ["Profile"],
            "name": claims.institution,
        },
        "resultDescription": described,
    }
    return made | ({"version": claims.course_version} if claims.course_version else {})


def _evidence(issuer: Issuer, claims: Claims) -> dict[str, Any]:
    return {
        "id": issuer.record_url(claims.code),
        "type": ["Evidence"],
        "name": "冻结的结业记录",
        "narrative": f"sha256:{claims.facts_hash}",
    }


def status_entry(issuer: Issuer, place: Place) -> dict[str, Any]:
    """Which bit tells whether it was withdrawn (W3C Bitstring Status List 1.0)."""
    return {
        "id": f"{issuer.list_url(place.number)}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place.index),
        "statusListCredential": issuer.list_url(place.number),
    }


def status_credential(issuer: Issuer, number: int, encoded: str, at: datetime) -> dict[str, Any]:
    """A status list as a credential, unsigned."""
    url = issuer.list_url(number)
    return {
        "@context": [CONTEXTS[0]],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": moment(at),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }


def jwt_claims(document: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of the JWT form (Open Badges 3.0, 8.2.4): the credential, and what every reader of JWT knows."""
    added = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
        "sub": document["credentialSubject"]["id"],
    }
    if "validUntil" in document:
        added["exp"] = _seconds(document["validUntil"])
    return {**document, **added}


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def compact(claims: Claims) -> dict[str, Any]:
    """What a QR code carries: short names, because each sign makes it harder to scan.

    v format, c code, n masked name, t course, e its version, o institution, k class, h hundredths of class hours,
    m minutes of one, s mean quiz score, p per cent of the exam, d moment of issue, x end of validity, f SHA-256 of the
    facts in base64url. What there is not is left out, or "".
    """
    told: dict[str, Any] = {
        "v": COMPACT_FORMAT,
        "c": claims.code,
        "n": claims.name_masked,
        "t": claims.course,
        "e": claims.course_version,
        "o": claims.institution,
        "k": claims.cohort,
        "h": claims.hundredths,
        "m": claims.minutes,
        "s": claims.score,
        "d": moment(claims.issued_at),
        "f": base64.urlsafe_b64encode(bytes.fromhex(claims.facts_hash)).decode().rstrip("="),
    }
    told |= {"p": claims.exam} if claims.exam else {}
    return told | ({"x": moment(claims.until)} if claims.until else {})
