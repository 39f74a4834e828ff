"""Proofs of credentials: what was signed verifies, and nothing else does."""

import hashlib
import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import RSAKey

from lms.adapters import data_integrity, vc_jwt
from lms.adapters.data_integrity import NotGenuine, base58, from_base58
from lms.adapters.linked_data import FOLDER, NotLinkedData, canonical
from lms.crypto import Signer
from lms.domain import credentials
from lms.domain.credentials import Place, claims_of
from tests.support.credentials import ISSUER, Record, another_seed, fits_schemas, forged_tokens, mutants
from tests.support.forgeries import strangers_compacts, strangers_documents, strangers_tokens

SEED = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
METHOD = ISSUER.method("k1")
KEYS = {METHOD: KEY.public_key().public_bytes_raw()}
RECORD = Record()
CLAIMS = claims_of(RECORD.code, RECORD.facts, RECORD.facts_hash, RECORD.issued_at)
UNSIGNED = credentials.credential(ISSUER, CLAIMS, Place(1, 7))
SIGNED = data_integrity.sign(UNSIGNED, KEY, METHOD, "2026-11-23T04:00:00Z")
SIGNER = Signer(SEED)
COMPACT = SIGNER.sign(credentials.compact(CLAIMS))
COMPACT_KEYS = {SIGNER.key_id: KEYS[METHOD]}
W3C_DIGEST = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="module")
def rsa() -> tuple[str, dict[str, str]]:
    """One RSA key for all tests here: to make one takes longer than to use it a thousand times."""
    return vc_jwt.new_rsa()


@pytest.fixture(scope="module")
def token(rsa: tuple[str, dict[str, str]]) -> str:
    return vc_jwt.sign(credentials.jwt_claims(UNSIGNED), rsa[0], METHOD, rsa[1])


def is_refused(read: Callable[[Any], object], told: Any) -> bool:
    try:
        read(told)
    except NotGenuine:
        return True
    return False


def refused(document: dict[str, Any]) -> bool:
    return is_refused(lambda told: data_integrity.verify(told, KEYS), document)


def test_a_thousand_forgeries_are_refused(
    token: str, rsa: tuple[str, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    changed = (made for _, made in mutants(SIGNED, 320, seed=7))
    forms: list[tuple[str, Callable[[Any], object], Iterable[Any]]] = [
        ("changed documents", lambda told: data_integrity.verify(told, KEYS), changed),
        ("documents of strangers", lambda told: data_integrity.verify(told, KEYS), strangers_documents(SIGNED, 10)),
        ("changed tokens", lambda told: vc_jwt.verify(told, {METHOD: rsa[1]}), forged_tokens(token, 332, seed=11)),
        ("tokens of strangers", lambda told: vc_jwt.verify(told, {METHOD: rsa[1]}), strangers_tokens(token, 3)),
        (
            "changed QR codes",
            lambda told: vc_jwt.read_compact(told, COMPACT_KEYS),
            forged_tokens(COMPACT, 325, seed=13),
        ),
        (
            "QR codes of strangers",
            lambda told: vc_jwt.read_compact(told, COMPACT_KEYS),
            strangers_compacts(COMPACT, 10),
        ),
    ]
    told = {form: [is_refused(read, each) for each in forged] for form, read, forged in forms}
    with capsys.disabled():
        print("\nrefused:", ", ".join(f"{sum(each)} of {len(each)} {form}" for form, each in told.items()))  # noqa: T201
    assert all(all(each) for each in told.values())
    assert sum(map(len, told.values())) == 1_000


def test_the_pinned_context_is_the_one_the_w3c_published() -> None:
    assert hashlib.sha256((FOLDER / "credentials-v2.json").read_bytes()).hexdigest() == W3C_DIGEST


def test_what_was_signed_verifies() -> None:
    assert data_integrity.verify(SIGNED, KEYS) == UNSIGNED
    assert data_integrity.verify(json.loads(json.dumps(SIGNED)), KEYS) == UNSIGNED


def test_a_credential_fits_the_schemas() -> None:
    assert fits_schemas(SIGNED) == []


def _broken(*path: Any, value: object) -> dict[str, Any]:
    made = deepcopy(SIGNED)
    holder: Any = made
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return made


@pytest.mark.parametrize(
    "wrong",
    [
        _broken("validFrom", value="2026-13-01T00:00:00Z"),
        _broken("proof", 0, "created", value="2026-11-31T00:00:00Z"),
        _broken("@context", 1, value="https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.json"),
        _broken("type", value=["VerifiableCredential", "OpenBadgeCredential", 3]),
        _broken("issuer", "type", value=["Profile", None]),
        _broken("issuer", "phone", value=13_800_000_000),
        _broken("awardedDate", value="yesterday"),
        _broken("endorsementJwt", value=["no token"]),
        _broken("refreshService", value={"id": "https://kx.example/"}),
    ],
)
def test_ours_is_no_laxer_than_the_official_schema(wrong: dict[str, Any]) -> None:
    assert fits_schemas(wrong) != []


def test_the_order_of_members_means_nothing() -> None:
    turned = dict(reversed(SIGNED.items()))
    assert data_integrity.verify(turned, KEYS) == UNSIGNED


@pytest.mark.parametrize("named", [METHOD, ISSUER.method("k2"), "did:web:evil.example#k1"])
def test_another_key_is_refused(named: str) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(another_seed())
    assert refused(data_integrity.sign(UNSIGNED, stranger, named, "2026-11-23T04:00:00Z"))


@pytest.mark.parametrize(
    "proofs",
    [
        lambda _: [],
        lambda proof: [proof, proof],
        lambda _: None,
        lambda proof: [{**proof, "nonce": "1"}],
        lambda proof: [{**proof, "proofPurpose": "authentication"}],
        lambda proof: [{**proof, "proofValue": 1}],
        lambda proof: [{**proof, "proofValue": proof["proofValue"][1:]}],
        lambda proof: [{**proof, "proofValue": "z1" + proof["proofValue"][1:]}],
    ],
)
def test_there_is_one_whole_proof(proofs: Any) -> None:
    made = deepcopy(SIGNED)
    made["proof"] = proofs(made["proof"][0])
    assert refused(made)


def test_a_signature_written_another_way_is_refused() -> None:
    """s and s + order sign the same bytes; only the smaller one is a signature."""
    raw = from_base58(SIGNED["proof"][0]["proofValue"])
    larger = raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER).to_bytes(32, "little")
    made = deepcopy(SIGNED)
    made["proof"][0]["proofValue"] = base58(larger)
    assert refused(made)


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://evil.example/context.json", "id": "urn:x:1"},
        {"@context": [credentials.CONTEXTS[0]], "id": "urn:x:1", "unheard": "of"},
        {"@context": [credentials.CONTEXTS[0]], "id": "urn:x:1", "type": ["VerifiableCredential", "Better"]},
        {"@context": [credentials.CONTEXTS[0]], "id": "somewhere", "name": "x"},
        {"@context": [credentials.CONTEXTS[0]], "id": "urn:x:1", "https://schema.org/name": "x"},
        {"@context": [credentials.CONTEXTS[0]], "id": "urn:x:1", "@included": {"name": "x"}},
        {"@context": [credentials.CONTEXTS[0], {"title": "https://schema.org/name"}], "id": "urn:x:1", "title": "x"},
        {"@context": [credentials.CONTEXTS[0]], "id": "urn:x:1", "name": None},
        {"@context": [credentials.CONTEXTS[0]], "id": "urn:x:1", "name": []},
    ],
)
def test_what_no_signature_would_cover_is_not_read(document: dict[str, Any]) -> None:
    with pytest.raises(NotLinkedData):
        canonical(document)


@given(st.binary(max_size=70))
def test_base58_comes_back(data: bytes) -> None:
    assert from_base58(base58(data)) == data


@pytest.mark.parametrize("text", ["", "x1", "z0", "zl", "z+"])
def test_what_is_no_base58_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base58btc"):
        from_base58(text)


def test_a_key_as_multikey() -> None:
    """The example of the specification of Multikey (Controlled Identifiers 1.0, 2.2.2) begins alike."""
    assert data_integrity.multikey(KEYS[METHOD]).startswith("z6Mk")


def test_a_token_verifies(token: str, rsa: tuple[str, dict[str, str]]) -> None:
    found = vc_jwt.verify(token, {METHOD: rsa[1]})
    assert found == credentials.jwt_claims(UNSIGNED)


def test_no_other_algorithm_is_heard(rsa: tuple[str, dict[str, str]]) -> None:
    header, body = {"alg": "PS256", "kid": METHOD}, b"{}"
    forged = jws.serialize_compact(header, body, RSAKey.import_key(rsa[0]), algorithms=["PS256"])
    with pytest.raises(NotGenuine):
        vc_jwt.verify(forged, {METHOD: rsa[1]})


def test_a_qr_code_verifies() -> None:
    assert vc_jwt.read_compact(COMPACT, COMPACT_KEYS) == credentials.compact(CLAIMS)
