"""What others read about this server: the API's description, and the keys that verify receipts."""

from typing import Any, cast

from flask import current_app, jsonify, render_template

from lms import db
from lms.crypto import public_jwk, public_of_vkey
from lms.services import credentials
from lms.web import access
from lms.web.api import openapi
from lms.web.api import reference as reference_page

bp = access.blueprint("api_documents", __name__, access.PUBLIC)


@bp.get("/api/v1/openapi.json")
def description() -> Any:
    """The API in OpenAPI 3.1."""
    return jsonify(openapi.document(cast(Any, current_app)._get_current_object()))


@bp.get("/api/")
def reference() -> str:
    """The description as a page for people: made by the server, without script, from our own host alone."""
    app = cast(Any, current_app)._get_current_object()
    origin = access.parts().config.base_url
    return render_template("api/reference.html", groups=reference_page.groups(openapi.document(app)), origin=origin)


@bp.get("/.well-known/jwks.json")
def keys() -> Any:
    """Public keys of receipts, of checkpoints and of credentials (RFC 7517)."""
    parts = access.parts()
    of_log = [public_jwk(public_of_vkey(parts.log_vkey))] if parts.log_vkey else []
    answer = jsonify(keys=[parts.signer.public_jwk, *of_log, *credentials.published_jwks(db.current())])
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
