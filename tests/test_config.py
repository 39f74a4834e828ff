"""Settings: what is refused, with which words, and that everything wrong is told at once."""

import json
import stat
from pathlib import Path

import pytest

from lms import config
from lms.cli import settings
from lms.config import ConfigError

KEYS = {
    "LMS_SECRET_KEY": "9fK2-xQ7vB4mT1zL8pW3cR6yH5nD0sGj",
    "LMS_FIELD_KEYS": "k1:" + "0123456789abcdef" * 4,
    "LMS_INDEX_KEY": "fedcba9876543210" * 4,
    "LMS_SIGNING_KEY": "00112233445566778899aabbccddeeff" * 2,
}
TENCENT = {
    "LMS_SMS": "tencent",
    "LMS_SMS_TENCENT_SECRET_ID": "id",
    "LMS_SMS_TENCENT_SECRET_KEY": "key",
    "LMS_SMS_TENCENT_APP_ID": "1400000000",
    "LMS_SMS_TENCENT_SIGN": "康学",
    "LMS_SMS_TENCENT_TEMPLATE": "100",
}


def production(tmp_path: Path, **changes: str) -> dict[str, str]:
    base = {"LMS_MODE": "production", "LMS_DATA_DIR": str(tmp_path), "LMS_BASE_URL": "https://study.example"}
    return {**base, **KEYS, **TENCENT, **changes}


def problems(environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as refused:
        config.load(environ)
    return str(refused.value)


def test_a_demo_needs_no_settings_and_keeps_its_own_keys_private(tmp_path: Path) -> None:
    first = config.load({"LMS_DATA_DIR": str(tmp_path)})
    assert first == config.load({"LMS_DATA_DIR": str(tmp_path)})
    assert first.is_demo
    assert first.database_url == f"sqlite:///{tmp_path / 'kangxue.db'}"
    kept = tmp_path / config.DEMO_KEYS_FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_key_that_an_older_demo_lacks_is_added_to_its_own(tmp_path: Path) -> None:
    first = config.load({"LMS_DATA_DIR": str(tmp_path)})
    kept = tmp_path / config.DEMO_KEYS_FILE
    older = {name: key for name, key in json.loads(kept.read_text()).items() if name != "LMS_LOG_KEY"}
    kept.write_text(json.dumps(older))
    second = config.load({"LMS_DATA_DIR": str(tmp_path)})
    assert second.log_key not in (None, first.log_key)
    assert second.signing_key == first.signing_key
    assert second == config.load({"LMS_DATA_DIR": str(tmp_path)})
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [config.DEMO_KEYS_FILE]


def test_only_the_signer_needs_the_logs_key(tmp_path: Path) -> None:
    assert config.load(production(tmp_path)).log_key is None
    assert config.load(production(tmp_path, LMS_LOG_KEY=KEYS["LMS_SIGNING_KEY"])).log_key
    assert "LMS_LOG_KEY needs 64" in problems(production(tmp_path, LMS_LOG_KEY="short"))


def test_production_settings_load(tmp_path: Path) -> None:
    loaded = config.load(production(tmp_path, LMS_DATABASE_URL="postgresql://lms@db/lms"))
    assert loaded.database_url == "postgresql+psycopg://lms@db/lms"
    assert loaded.field_keys[0][0] == "k1"
    assert loaded.tencent["sign"] == "康学"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"LMS_SECRET_KEY": "short"}, "LMS_SECRET_KEY is too weak"),
        ({"LMS_SECRET_KEY": "a" * 64}, "LMS_SECRET_KEY is too weak"),
        ({"LMS_SECRET_KEY": ""}, "LMS_SECRET_KEY is too weak"),
        ({"LMS_INDEX_KEY": "xyz"}, "LMS_INDEX_KEY needs 64"),
        ({"LMS_SIGNING_KEY": "00" * 32}, "LMS_SIGNING_KEY needs 64"),
        ({"LMS_FIELD_KEYS": "k1:00"}, "LMS_FIELD_KEYS needs 64"),
        ({"LMS_PORT": "eighty"}, "LMS_PORT must be a whole number"),
        ({"LMS_PROCESSES": "2"}, "LMS_PROCESSES above 1 also needs LMS_WORKER=separate"),
        ({"LMS_MODE": "live"}, "LMS_MODE must be one of"),
        ({"LMS_SMS": "console"}, "LMS_SMS=console prints login codes"),
        ({"LMS_SMS_TENCENT_SIGN": ""}, "also needs LMS_SMS_TENCENT_SIGN"),
        ({"LMS_STORAGE": "s3"}, "also needs LMS_S3_BUCKET"),
        ({"LMS_DATABASE_URL": "mysql://x/y"}, "LMS_DATABASE_URL must be"),
        ({"LMS_DATABASE_URL": "sqlite://"}, "LMS_DATABASE_URL must be"),
        ({"LMS_BASE_URL": ""}, "LMS_BASE_URL must be"),
        ({"LMS_IDENTITY": "console"}, "LMS_IDENTITY=console answers by itself"),
        ({"LMS_IDENTITY": "http"}, "LMS_IDENTITY=http also needs LMS_IDENTITY_URL"),
        ({"LMS_IDENTITY": "http", "LMS_IDENTITY_URL": "http://a.example/"}, "LMS_IDENTITY_URL must begin with https"),
        ({"LMS_SECRET": "typo"}, "LMS_SECRET is not a setting"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    assert said in problems(production(tmp_path, **changes))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = problems(production(tmp_path, LMS_PORT="0", LMS_SECRET_KEY="x", LMS_QUEUE="kafka"))
    assert len(told.splitlines()) == 3


def test_a_demo_never_listens_on_a_network(tmp_path: Path) -> None:
    assert "127.0.0.1" in problems({"LMS_DATA_DIR": str(tmp_path), "LMS_HOST": "0.0.0.0"})


def test_what_is_printed_holds_no_secret() -> None:
    shown = settings.described({**KEYS, "LMS_DATABASE_URL": "postgresql://u:hunter2@db/lms"})
    text = " ".join(value for _, value in shown)
    assert "hunter2" not in text
    assert not any(secret in text for secret in KEYS.values())
    assert len(shown) == len(config.SETTINGS)
