"""Is the process alive, are its parts ready, what does it count."""

import hmac
from typing import Any

from flask import Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from lms import schema
from lms.config import LOOPBACK
from lms.web import access

bp = access.blueprint("public_health", __name__, access.PUBLIC)


@bp.get("/healthz")
def healthz() -> Any:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> Any:
    """Database, migrations, storage and queue answer; 503 names the one that does not."""
    parts = access.parts()
    database = parts.database.healthy()
    found = {
        "database": database,
        "migrations": database and schema.is_current(parts.database),
        "storage": parts.store.healthy(),
        "queue": parts.bell.healthy(),
    }
    ready = all(found.values())
    return jsonify(status="ok" if ready else "unavailable", parts=found), 200 if ready else 503


@bp.get("/metrics")
def metrics() -> Any:
    """Counters for Prometheus: with the token, or from this machine where none is set."""
    if not _may_read_metrics(access.parts().config.metrics_token):
        abort(404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(token: str) -> bool:
    if not token:
        return request.remote_addr in LOOPBACK
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
