"""Pictures and papers of courses: looked at, cleaned, kept in the store under the hash of their bytes."""

import hashlib

from lms.adapters import pictures
from lms.adapters.objects import Body, Store
from lms.authoring.assets import MOST_ASSET_BYTES, PICTURES, sniffed, type_of
from lms.domain.courses import Asset
from lms.domain.errors import Refused


def keep(store: Store, path: str, data: bytes) -> Asset:
    """Stores the bytes and tells what they are; a picture is written anew without what its camera added.

    Refused: asset_too_big, asset_kind, picture_broken, picture_too_large.
    """
    if len(data) > MOST_ASSET_BYTES:
        raise Refused("asset_too_big", most=MOST_ASSET_BYTES // 1_000_000)
    content_type = sniffed(data)
    if not content_type or content_type != type_of(path):
        raise Refused("asset_kind", path=path)
    if content_type in PICTURES:
        data = pictures.cleaned(data, content_type)
    asset = Asset(path, hashlib.sha256(data).hexdigest(), content_type, len(data))
    keep_as_is(store, asset, data)
    return asset


def keep_as_is(store: Store, asset: Asset, data: bytes) -> None:
    """Stores the bytes of an asset whose kind and hash are known."""
    if store.stat(asset_key(asset.sha256)) is None:
        store.put_bytes(asset_key(asset.sha256), data, asset.content_type)


def open_bytes(store: Store, asset: Asset) -> Body:
    """The bytes of an asset. NotFound("media_not_found")."""
    return store.open(asset_key(asset.sha256))


def asset_key(sha256: str) -> str:
    """Where in the store the picture or paper with these bytes lies."""
    return f"assets/{sha256[:2]}/{sha256}"
