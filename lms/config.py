"""Settings from the environment: read once, checked at start, refused in plain words."""

import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lms import resources
from lms.fresh_keys import DEMO_KEYS_FILE, KEY_NAMES, demo_keys, new_keys
from lms.settings import SETTINGS, Setting

__all__ = ["DEMO_KEYS_FILE", "SETTINGS", "Config", "ConfigError", "Setting", "default_data_dir", "load", "new_keys"]

MEGABYTE = 1024 * 1024
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class ConfigError(Exception):
    """The settings do not hold together; `problems` has one plain sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Config:
    """Every setting, typed. Keys are bytes; folders exist."""

    mode: str
    database_url: str
    data_dir: Path
    host: str
    port: int
    base_url: str
    threads: int
    processes: int
    trusted_proxies: int
    worker: str
    queue: str
    secret_key: str
    field_keys: tuple[tuple[str, bytes], ...]
    index_key: bytes
    signing_key: bytes
    log_key: bytes | None
    log_vkey: str
    paper_key: Path | None
    paper_key_password: str
    storage: str
    s3: Mapping[str, str]
    sms: str
    tencent: Mapping[str, str]
    identity: str
    identity_service: Mapping[str, str]
    ffmpeg: str | None
    upload_max_bytes: int
    upload_quota_bytes: int
    upload_part_bytes: int
    upload_direct: bool
    media_direct: bool
    metrics_token: str

    @property
    def is_demo(self) -> bool:
        """Whether sample logins exist, so that only this machine may reach the server."""
        return self.mode == "demo"


def default_data_dir() -> Path:
    """`media/` of a checkout; beside the caller when installed from a wheel."""
    root = resources.checkout()
    return root / "media" if root else Path.cwd() / "kangxue-data"


class _Reader:
    """Collects what is wrong with the environment instead of stopping at the first fault."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = {s.name: values.get(s.name, "").strip() or s.default for s in SETTINGS}
        known = set(self.values)
        self.problems = [
            f"{name} is not a setting; `lms config` lists them all"
            for name in values
            if name.startswith("LMS_") and name not in known and not name.startswith("LMS_TEST_")
        ]

    def text(self, name: str) -> str:
        return self.values[name]

    def choice(self, name: str, *allowed: str) -> str:
        if self.values[name] not in allowed:
            self.problems.append(f"{name} must be one of {', '.join(allowed)}; it is “{self.values[name]}”")
        return self.values[name]

    def number(self, name: str, low: int, high: int) -> int:
        text = self.values[name]
        if not re.fullmatch(r"\d{1,6}", text) or not low <= int(text) <= high:
            self.problems.append(f"{name} must be a whole number from {low} to {high}; it is “{text}”")
            return low
        return int(text)

    def key(self, name: str) -> bytes:
        return self._key_bytes(name, self.values[name])

    def field_keys(self) -> tuple[tuple[str, bytes], ...]:
        name = "LMS_FIELD_KEYS"
        pairs = [part.strip().partition(":") for part in self.values[name].split(",")]
        return tuple((key_id, self._key_bytes(name, text)) for key_id, _, text in pairs)

    def secret(self, name: str) -> str:
        text = self.values[name]
        if len(text) < 32 or len(set(text)) < 10:
            self.problems.append(f"{name} is too weak: 32 random characters or more; `lms keys` makes one")
        return text

    def _key_bytes(self, name: str, text: str) -> bytes:
        raw = binascii.unhexlify(text) if re.fullmatch("([0-9A-Fa-f]{2})+", text) else b""
        if len(raw) != 32 or len(set(raw)) < 8:
            self.problems.append(f"{name} needs 64 random hexadecimal digits a key; `lms keys` makes them")
        return raw

    def together(self, switch: str, value: str, needed: tuple[str, ...]) -> None:
        """Settings that one choice makes compulsory."""
        missing = [name for name in needed if not self.values[name]]
        if self.values[switch] == value and missing:
            self.problems.append(f"{switch}={value} also needs {', '.join(missing)}")


def _database_url(text: str, data_dir: Path, problems: list[str]) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'kangxue.db'}"
    scheme, _, rest = text.partition("://")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.strip("/"):
        return text
    problems.append("LMS_DATABASE_URL must be sqlite:///PATH or postgresql://USER@HOST/NAME")
    return text


def _check_demo(reader: _Reader, host: str) -> None:
    if host not in LOOPBACK:
        reader.problems.append(
            "LMS_MODE=demo has logins that everybody knows, so LMS_HOST must stay on 127.0.0.1; "
            "set LMS_MODE=production and real keys (`lms keys`) to listen on a network"
        )


def _check_production(reader: _Reader) -> None:
    if reader.text("LMS_SMS") == "console":
        reader.problems.append("LMS_SMS=console prints login codes; production needs LMS_SMS=tencent")
    if not reader.text("LMS_BASE_URL"):
        reader.problems.append("LMS_BASE_URL must be the public https address in production")


S3_NAMES = ("LMS_S3_BUCKET", "LMS_S3_ENDPOINT", "LMS_S3_REGION", "LMS_S3_ACCESS_KEY", "LMS_S3_SECRET_KEY")
IDENTITY_NAMES = ("LMS_IDENTITY_URL", "LMS_IDENTITY_TOKEN", "LMS_IDENTITY_SOURCE")
TENCENT_OPTIONAL = {"LMS_SMS_TENCENT_RENEWAL_TEMPLATE"}
TENCENT_NAMES = tuple(
    s.name for s in SETTINGS if s.name.startswith("LMS_SMS_TENCENT_") and s.name not in TENCENT_OPTIONAL
)


def _group(reader: _Reader, prefix: str) -> dict[str, str]:
    return {s.name.removeprefix(prefix).lower(): reader.text(s.name) for s in SETTINGS if s.name.startswith(prefix)}


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """The checked settings; raises ConfigError with every problem found, not only the first."""
    reader = _Reader(environ)
    data_dir = Path(reader.text("LMS_DATA_DIR") or default_data_dir()).expanduser().resolve()
    mode = reader.choice("LMS_MODE", "demo", "production")
    data_dir.mkdir(parents=True, exist_ok=True)
    if mode == "demo":
        kept = demo_keys(data_dir)
        reader.values.update({name: reader.values[name] or kept[name] for name in KEY_NAMES})
        _check_demo(reader, reader.text("LMS_HOST"))
    else:
        _check_production(reader)
    reader.together("LMS_STORAGE", "s3", S3_NAMES)
    for name in ("LMS_UPLOAD_DIRECT", "LMS_MEDIA_DIRECT"):
        if reader.text(name) == "yes" and reader.text("LMS_STORAGE") != "s3":
            reader.problems.append(f"{name}=yes needs LMS_STORAGE=s3: a folder has no address of its own")
    if reader.text("LMS_QUEUE") == "postgresql" and not reader.text("LMS_DATABASE_URL").startswith("postgres"):
        reader.problems.append("LMS_QUEUE=postgresql needs a PostgreSQL address in LMS_DATABASE_URL")
    reader.together("LMS_SMS", "tencent", TENCENT_NAMES)
    reader.together("LMS_IDENTITY", "http", IDENTITY_NAMES)
    loaded = _build(reader, mode, data_dir)
    if loaded.processes > 1 and loaded.worker == "in-process":
        reader.problems.append("LMS_PROCESSES above 1 also needs LMS_WORKER=separate: jobs run in one place only")
    if reader.problems:
        raise ConfigError(reader.problems)
    return loaded


def _identity(reader: _Reader, mode: str) -> str:
    """Numbers and names leave in clear, so only by https, but for a service on this very machine."""
    kind = reader.choice("LMS_IDENTITY", "auto", "off", "console", "http")
    address = urlsplit(reader.text("LMS_IDENTITY_URL"))
    reader.number("LMS_IDENTITY_TIMEOUT_SECONDS", 1, 60)
    if kind == "http" and address.scheme != "https" and address.hostname not in LOOPBACK:
        reader.problems.append("LMS_IDENTITY_URL must begin with https://")
    if kind == "console" and mode == "production":
        reader.problems.append("LMS_IDENTITY=console answers by itself; production needs off or http")
    return ("console" if mode == "demo" else "off") if kind == "auto" else kind


def _build(reader: _Reader, mode: str, data_dir: Path) -> Config:
    host, port = reader.text("LMS_HOST"), reader.number("LMS_PORT", 1, 65535)
    return Config(
        mode=mode,
        database_url=_database_url(reader.text("LMS_DATABASE_URL"), data_dir, reader.problems),
        data_dir=data_dir,
        host=host,
        port=port,
        base_url=reader.text("LMS_BASE_URL").rstrip("/") or f"http://{host}:{port}",
        threads=reader.number("LMS_THREADS", 1, 512),
        processes=reader.number("LMS_PROCESSES", 1, 64),
        trusted_proxies=reader.number("LMS_TRUSTED_PROXIES", 0, 5),
        worker=reader.choice("LMS_WORKER", "in-process", "separate"),
        queue=reader.choice("LMS_QUEUE", "auto", "sqlite", "postgresql"),
        secret_key=reader.secret("LMS_SECRET_KEY"),
        field_keys=reader.field_keys(),
        index_key=reader.key("LMS_INDEX_KEY"),
        signing_key=reader.key("LMS_SIGNING_KEY"),
        log_key=reader.key("LMS_LOG_KEY") if reader.text("LMS_LOG_KEY") else None,
        log_vkey=reader.text("LMS_LOG_VKEY"),
        paper_key=Path(reader.text("LMS_PAPER_KEY")).expanduser() if reader.text("LMS_PAPER_KEY") else None,
        paper_key_password=reader.text("LMS_PAPER_KEY_PASSWORD"),
        storage=reader.choice("LMS_STORAGE", "folder", "s3"),
        s3=_group(reader, "LMS_S3_"),
        sms=reader.choice("LMS_SMS", "console", "tencent"),
        tencent=_group(reader, "LMS_SMS_TENCENT_"),
        identity=_identity(reader, mode),
        identity_service=_group(reader, "LMS_IDENTITY_"),
        ffmpeg=reader.text("LMS_FFMPEG") or None,
        upload_max_bytes=reader.number("LMS_UPLOAD_MAX_MB", 1, 20_000) * MEGABYTE,
        upload_quota_bytes=reader.number("LMS_UPLOAD_QUOTA_GB", 1, 100_000) * 1024 * MEGABYTE,
        upload_part_bytes=reader.number("LMS_UPLOAD_PART_MB", 5, 64) * MEGABYTE,
        upload_direct=reader.choice("LMS_UPLOAD_DIRECT", "no", "yes") == "yes",
        media_direct=reader.choice("LMS_MEDIA_DIRECT", "no", "yes") == "yes",
        metrics_token=reader.text("LMS_METRICS_TOKEN"),
    )
