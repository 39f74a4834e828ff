"""Where originals and renditions are kept: a folder of this machine, or a bucket."""

from dataclasses import dataclass, field
from pathlib import Path

from lms.adapters.objects import Body, Stat, Store
from lms.adapters.storage_folder import FolderStore
from lms.adapters.storage_s3 import S3Store, s3_client

__all__ = ["Body", "Stat", "StorageSettings", "Store", "open_store"]


@dataclass(frozen=True)
class StorageSettings:
    """Where to store: kind "folder" needs `folder`, kind "s3" the rest. `addressing`: path or virtual (OSS)."""

    kind: str
    folder: Path
    bucket: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    addressing: str = "path"


def open_store(settings: StorageSettings) -> Store:
    """The store the settings name; nothing is contacted before it is used."""
    if settings.kind == "folder":
        return FolderStore(settings.folder)
    client = s3_client(
        settings.endpoint, settings.region, settings.access_key, settings.secret_key, settings.addressing
    )
    return S3Store(client, settings.bucket)
