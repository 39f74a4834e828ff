"""Pictures and papers of courses on their way out: shown or saved, never run."""

from flask import Response

from lms.adapters.objects import Store
from lms.authoring.assets import PAPER
from lms.domain.courses import Asset
from lms.services import assets
from lms.web.downloads import pieces


def send(asset: Asset, store: Store) -> Response:
    """The bytes of an asset, as what they were found to be; a paper is saved, not opened in place."""
    response = Response(pieces(lambda: assets.open_bytes(store, asset)), content_type=asset.content_type)
    response.content_length = asset.size
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if asset.content_type == PAPER:
        response.headers["Content-Disposition"] = f"attachment; filename={asset.name.rpartition('/')[2]}"
    return response
