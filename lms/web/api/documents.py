"""What others read about this server: the API's description, and the keys that verify receipts."""

from typing import Any, cast

from flask import current_app, jsonify

from lms.web import access
from lms.web.api import openapi

bp = access.blueprint("api_documents", __name__, access.PUBLIC)


@bp.get("/api/v1/openapi.json")
def description() -> Any:
    """The API in OpenAPI 3.1."""
    return jsonify(openapi.document(cast(Any, current_app)._get_current_object()))


@bp.get("/.well-known/jwks.json")
def keys() -> Any:
    """Public keys of receipts (RFC 7517)."""
    answer = jsonify(keys=[access.parts().signer.public_jwk])
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
