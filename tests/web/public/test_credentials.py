"""Credentials of records on the web: for other systems, for whoever has no network, and for nobody who guesses."""

import json
import re
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.adapters import data_integrity, vc_jwt
from lms.db import Database
from lms.domain.credentials import Issuer, Withdrawal
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.parts import Parts
from lms.services import credentials
from tests.support.cast import NOON, Cast
from tests.support.credentials import CODE, bit_of, certified, fits_schemas
from tests.support.renewals import LAST, OVER, Years, noon_of

FORMS = (".json", ".jwt", "/qr")


@pytest.fixture
def issuer(parts: Parts) -> Issuer:
    return Issuer(parts.config.base_url, "康学")


@pytest.fixture
def record(parts: Parts, cast: Cast) -> str:
    certified(parts, cast)
    return f"/v/{CODE}"


@pytest.mark.parametrize(("ending", "kind"), [(".json", "application/vc"), (".jwt", "application/vc+jwt")])
def test_other_systems_get_it_signed(client: FlaskClient, record: str, ending: str, kind: str) -> None:
    answer = client.get(record + ending)
    assert (answer.status_code, answer.content_type) == (200, kind)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(record + ending).data == answer.data


def test_what_is_published_is_enough_to_verify(client: FlaskClient, record: str) -> None:
    document, token = json.loads(client.get(f"{record}.json").text), client.get(f"{record}.jwt").text
    told = client.get("/.well-known/did.json").json
    methods = {each["id"]: each for each in told["verificationMethod"]}
    named = document["proof"][0]["verificationMethod"]
    public = data_integrity.from_base58(methods[named]["publicKeyMultibase"])[2:]
    data_integrity.verify(document, {named: public})
    keys = {name: each["publicKeyJwk"] for name, each in methods.items() if "publicKeyJwk" in each}
    assert vc_jwt.verify(token, keys)["jti"] == document["id"]
    assert named in told["assertionMethod"]
    kids = {each["kid"] for each in client.get("/.well-known/jwks.json").json["keys"]}
    assert {name.partition("#")[2] for name in methods} <= kids
    assert fits_schemas(document) == []


def test_it_ends_with_the_last_day_of_the_completion(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    years = Years(parts, cast)
    years.rule()
    years.complete()
    certified(parts, cast)
    assert json.loads(client.get(f"/v/{CODE}.json").text)["validUntil"] == f"{LAST}T15:59:59Z"
    with time_machine.travel(noon_of(OVER)):
        assert "记录已过有效期" in client.get(f"/v/{CODE}/qr").text


@pytest.mark.parametrize("number", [2, 2**31, 10**20])
def test_a_list_that_never_was_is_not_found(client: FlaskClient, number: int) -> None:
    assert client.get(f"/credentials/status/{number}").status_code == 404


@pytest.mark.parametrize("ending", FORMS)
def test_a_code_that_never_was_is_not_found(client: FlaskClient, record: str, ending: str) -> None:
    assert client.get(f"/v/ZZZZZ-FGHJK-MNPQR-STVWX{ending}").status_code == 404
    assert client.get(f"/v/nothing{ending}").status_code == 404


@pytest.mark.parametrize("ending", FORMS)
def test_nobody_vouches_for_a_record_that_was_changed(
    client: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    certified(parts, cast)
    monkeypatch.setattr("lms.services.records.reading.hash_of", lambda _: "0" * 64)
    assert client.get(f"/v/{CODE}{ending}").status_code == 409


def test_new_names_change_no_byte(client: FlaskClient, parts: Parts, record: str) -> None:
    before = [client.get(record + ending).data for ending in (".json", ".jwt")]
    with parts.database.transaction() as session:
        session.execute(update(Person).values(name="赵新名"))
        session.execute(update(Organisation).values(name="改名：" + Organisation.name))
    assert [client.get(record + ending).data for ending in (".json", ".jwt")] == before


def test_the_status_list_says_what_was_withdrawn(client: FlaskClient, parts: Parts, record: str) -> None:
    entry = json.loads(client.get(f"{record}.json").text)["credentialStatus"]
    address = "/" + entry["statusListCredential"].split("/", 3)[3]

    def is_withdrawn() -> bool:
        told = json.loads(client.get(address).text)
        return bit_of(told["credentialSubject"]["encodedList"], int(entry["statusListIndex"]))

    assert not is_withdrawn()
    with parts.database.transaction() as session:
        credentials.withdraw(session, CODE, Withdrawal.REVOKED, now=NOON)
    assert is_withdrawn()
    assert "不再有效" in client.get(f"{record}/qr").text


def test_a_list_that_is_true_is_only_read(
    client: FlaskClient, parts: Parts, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{record}.json")
    first = client.get("/credentials/status/1").data
    begun: list[bool] = []
    begin = Database.transaction

    def watched(self: Database, *, write: bool = True) -> Any:
        begun.append(write)
        return begin(self, write=write)

    monkeypatch.setattr(Database, "transaction", watched)
    assert client.get("/credentials/status/1").data == first
    assert begun == [False]
    with parts.database.transaction() as session:
        credentials.withdraw(session, CODE, Withdrawal.REVOKED, now=NOON)
    begun.clear()
    assert client.get("/credentials/status/1").data != first
    assert begun == [False, True]
    begun.clear()
    with parts.database.transaction() as session:
        credentials.rotate(session, parts.keyring, now=NOON)
    signed = client.get("/credentials/status/1").data
    assert begun == [True, False, True]
    assert client.get("/credentials/status/1").data == signed


def test_a_list_that_nobody_began_is_not_found(client: FlaskClient) -> None:
    assert client.get("/credentials/status/99").status_code == 404


def test_the_issuer_has_a_profile(client: FlaskClient, issuer: Issuer) -> None:
    told = client.get("/credentials/issuer").json
    assert (told["id"], told["type"]) == (issuer.did, ["Profile"])


def test_the_code_for_checking_without_network_is_a_page(client: FlaskClient, parts: Parts, record: str) -> None:
    page = client.get(f"{record}/qr").text
    found = re.search(r'data-copy="([^"]+)#([^"]+)"', page)
    assert found is not None
    assert found[1] == f"{parts.config.base_url}/verify"
    with parts.database.transaction(write=False) as session:
        assert vc_jwt.read_compact(found[2], credentials.compact_keys(session))["n"] == "李*"
    assert "data:image/svg" in page
    assert f"{record}/qr" in client.get(record).text


def test_the_page_that_checks_knows_the_keys(client: FlaskClient, parts: Parts, record: str) -> None:
    assert "还没有签发过" in client.get("/verify").text
    client.get(f"{record}.json")
    with parts.database.transaction(write=False) as session:
        kid = next(iter(credentials.compact_keys(session)))
    assert kid in client.get("/verify").text


def test_the_page_can_be_kept_as_one_file_that_asks_no_network(client: FlaskClient, record: str) -> None:
    client.get(f"{record}.json")
    answer = client.get("/verify/kangxue.html")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kangxue-verify.html"'
    assert "default-src 'none'" in answer.text
    assert not re.search(r"(src|href)=\"(?!http://127\.0\.0\.1:\d+/v/\")", answer.text)
    assert not re.search(r"^(import|export) ", answer.text, re.MULTILINE)
