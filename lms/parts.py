"""The parts that one process works with, built once from the settings."""

from dataclasses import dataclass

from lms.adapters.queue import Bell, open_bell
from lms.adapters.sms import SmsGateway, open_gateway
from lms.adapters.storage import StorageSettings, Store, open_store
from lms.config import Config
from lms.crypto import Keyring, Signer
from lms.db import Database, Session
from lms.services import jobs


@dataclass(frozen=True)
class Parts:
    """Settings, database, keys and doors to the outside."""

    config: Config
    database: Database
    keyring: Keyring
    signer: Signer
    store: Store
    sms: SmsGateway
    bell: Bell

    def ring(self, session: Session) -> None:
        """Rings the worker for the jobs asked for in a transaction that was committed."""
        for job_id in jobs.pending(session):
            self.bell.ring(job_id)


def build(config: Config) -> Parts:
    """Opens everything the settings name; nothing is contacted before it is used."""
    return Parts(
        config=config,
        database=Database(config.database_url, config.threads),
        keyring=Keyring(config.field_keys, config.index_key),
        signer=Signer(config.signing_key),
        store=open_store(_storage_settings(config)),
        sms=open_gateway(config.sms, config.tencent),
        bell=open_bell(config),
    )


def _storage_settings(config: Config) -> StorageSettings:
    return StorageSettings(kind=config.storage, folder=config.data_dir / "objects", **config.s3)
