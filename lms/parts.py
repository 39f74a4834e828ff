"""The parts that one process works with, built once from the settings."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from lms.adapters.identity import IdentityService, open_service
from lms.adapters.pdf_signature import PdfSigner, open_signer
from lms.adapters.queue import Bell, open_bell
from lms.adapters.sms import SmsGateway, open_gateway
from lms.adapters.storage import StorageSettings, Store, open_store
from lms.config import Config, ConfigError
from lms.crypto import Keyring, NoteSigner, Signer, public_of_vkey
from lms.db import Database, Session
from lms.services import jobs


@dataclass(frozen=True)
class Parts:
    """Settings, database, keys and doors to the outside."""

    config: Config
    database: Database
    keyring: Keyring
    signer: Signer
    note_signer: NoteSigner | None
    log_vkey: str
    store: Store
    sms: SmsGateway
    identity: IdentityService | None
    bell: Bell

    @cached_property
    def pdf_signer(self) -> PdfSigner | None:
        """Signs certificates on paper, opened when first needed; ConfigError for a key that cannot be used."""
        demo_folder = self.config.data_dir if self.config.is_demo else None
        try:
            return open_signer(self.config.paper_key, self.config.paper_key_password, demo_folder)
        except ValueError as error:
            raise ConfigError([str(error)]) from None

    def record_address(self, code: str) -> str:
        """Where anybody checks the record with this code."""
        return f"{self.config.base_url}/v/{code}"

    def ring(self, session: Session) -> None:
        """Rings the worker for the jobs asked for in a transaction that was committed."""
        for job_id in jobs.pending(session):
            self.bell.ring(job_id)


def build(config: Config) -> Parts:
    """Opens everything the settings name; nothing is contacted before it is used. ConfigError: a key of no use."""
    note_signer = _note_signer(config)
    made = Parts(
        config=config,
        database=Database(config.database_url, config.threads),
        keyring=Keyring(config.field_keys, config.index_key),
        signer=Signer(config.signing_key),
        note_signer=note_signer,
        log_vkey=_vkey(config, note_signer),
        store=open_store(_storage_settings(config)),
        sms=open_gateway(config.sms, config.tencent),
        identity=open_service(config.identity, config.identity_service),
        bell=open_bell(config),
    )
    if config.paper_key is not None:
        _ = made.pdf_signer  # its faults are told at start
    return made


def _note_signer(config: Config) -> NoteSigner | None:
    """The key of the log under the log's name; the signer alone needs it."""
    return NoteSigner(f"kangxue/{urlsplit(config.base_url).hostname}", config.log_key) if config.log_key else None


def _vkey(config: Config, note_signer: NoteSigner | None) -> str:
    """The public key of the log, "" where it is not known; ValueError for a mistyped one."""
    if not config.log_vkey:
        return note_signer.vkey if note_signer else ""
    public_of_vkey(config.log_vkey)
    return config.log_vkey


def _storage_settings(config: Config) -> StorageSettings:
    return StorageSettings(kind=config.storage, folder=config.data_dir / "objects", **config.s3)
