"""`lms credentials`: keys, and checking what somebody hands over."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from lms import clock
from lms.cli.credentials import group
from lms.domain.credentials import Issuer
from lms.parts import Parts
from lms.services import credentials
from tests.support.credentials import Record


def run(environment: dict[str, str], *arguments: str, given: str | None = None) -> Result:
    return CliRunner(env={"LC_ALL": "C", **environment}).invoke(group, list(arguments), input=given)


def test_keys_are_listed_replaced_and_distrusted(environment: dict[str, str], parts: Parts) -> None:
    assert run(environment, "keys").output == ""
    made = [line.split() for line in run(environment, "rotate").output.splitlines()]
    assert [kind for _, kind in made] == ["ed25519", "rsa"]
    assert run(environment, "distrust", made[0][0]).exit_code == 0
    assert [line.split()[2] for line in run(environment, "keys").output.splitlines()] == ["distrusted", "signs"]
    missing = run(environment, "distrust", "nobody")
    assert (missing.exit_code, "no key is called nobody" in missing.output) == (1, True)


def test_each_form_is_checked(environment: dict[str, str], parts: Parts, tmp_path: Path) -> None:
    issuer = Issuer(parts.config.base_url, "康学")
    with parts.database.transaction() as session:
        made = credentials.issue(session, parts.keyring, issuer, Record(), lambda below: below - 1, now=clock.now())
    for text in (made.document, made.token, made.compact, f"{issuer.base_url}/verify#{made.compact}\n"):
        place = tmp_path / "given"
        place.write_text(text, encoding="utf-8")
        found = run(environment, "verify", str(place))
        assert (found.exit_code, "李*" in json.dumps(json.loads(found.output), ensure_ascii=False)) == (0, True)
        forged = text.replace("a", "b", 1)
        assert run(environment, "verify", given=forged).exit_code == 1
    assert run(environment, "verify", given="{").exit_code == 1
