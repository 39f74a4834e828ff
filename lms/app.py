"""The front door: where the parts meet."""

import io
from typing import IO, Any, cast
from urllib.parse import urlsplit

from flask import Flask, Request, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lms import config, resources, schema, worker
from lms.config import LOOPBACK
from lms.domain.errors import Refused
from lms.parts import Parts, build
from lms.services import exports
from lms.web import access, assets, errors, exporting, headers, language, limits, pages
from lms.web.accounts import idle
from lms.web.api import heartbeats, openapi, turnstile
from lms.web.blueprints import API_BLUEPRINTS, BLUEPRINTS
from lms.web.institution import report_files

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MEGABYTE = 1024 * 1024
LARGEST_FORM = 2 * MEGABYTE


class Asked(Request):
    """A request whose files stay in memory where the view says so: werkzeug spools those over 500 kB to the disk."""

    keeps_in_memory = False

    def _get_file_stream(self, *told: Any, **more: Any) -> IO[bytes]:
        return io.BytesIO() if self.keeps_in_memory else super()._get_file_stream(*told, **more)


class App(Flask):
    """Flask, with one transaction around gate and view, committed before error handlers run."""

    request_class = Asked

    def dispatch_request(self) -> ResponseReturnValue:
        """Gate and view in one transaction; read-only for GET unless the view says it writes."""
        if request.endpoint in access.WITHOUT_DATABASE or self._view_is("lms_gates_itself"):
            return super().dispatch_request()
        parts, write = access.parts(), self._writes()
        if write:
            request.get_data()  # all of it, before the transaction: a slow sender must not hold up the writers
        with parts.database.transaction(write=write) as session:
            refused: ResponseReturnValue | None = access.check_gate()
            answer = refused if refused is not None else super().dispatch_request()
        parts.ring(session)
        if isinstance(answer, Refused):  # a view returns a refusal when what it recorded about it must stay
            raise answer
        return answer

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Raises the limit of a view that takes files, before the CSRF check reads the form."""
        view = self.view_functions.get(request.endpoint or "")
        if largest := getattr(view, "lms_largest", None):
            request.max_content_length = largest
            request.max_form_memory_size = min(largest, LARGEST_FORM)
            cast(Asked, request).keeps_in_memory = bool(getattr(view, "lms_in_memory", False))
        return super().preprocess_request()

    def _writes(self) -> bool:
        return request.method not in READ_METHODS or self._view_is("lms_writes")

    def _view_is(self, mark: str) -> bool:
        return bool(getattr(self.view_functions.get(request.endpoint or ""), mark, False))


def create_app(parts: Parts, **settings: Any) -> App:
    """The application over `parts`; refuses an unsafe or outdated database."""
    parts.database.check_durability()
    schema.check_current(parts.database)
    app = App(__name__, template_folder=str(resources.find("templates")), static_folder=None)
    secure = parts.config.base_url.startswith("https://")
    app.config.from_mapping(
        SECRET_KEY=parts.config.secret_key,
        MAX_CONTENT_LENGTH=MEGABYTE,
        SESSION_COOKIE_NAME="__Host-kangxue" if secure else "kangxue",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=[urlsplit(parts.config.base_url).hostname or "", *LOOPBACK],
        **settings,
    )
    bind(app, parts)
    _install(app, parts, secure=secure)
    exporting.install(app, report_files.MAKERS)
    worker.learn(exports.MAKE, exporting.work(app))
    return app


def bind(app: App, parts: Parts) -> None:
    """Gives the application its database and storage; tests do so anew for each of theirs."""
    app.extensions["lms"] = parts
    heartbeats.install(app, parts)


def _install(app: App, parts: Parts, *, secure: bool) -> None:
    csrf = CSRFProtect(app)
    access.install(app)
    language.install(app)
    errors.install(app)
    headers.install(app, secure=secure, storage=_storage_origin(parts))
    pages.install(app)
    limits.install(app)
    idle.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in API_BLUEPRINTS:
        csrf.exempt(blueprint)  # the gate asks for the token itself, unless a bearer token is shown
    openapi.install(app)
    assets.install(app, parts.config.data_dir / "static")
    app.wsgi_app = turnstile.Turnstile(app, secure=secure)  # type: ignore[method-assign]
    if proxies := parts.config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]


def _storage_origin(parts: Parts) -> str:
    """What browsers themselves speak to: the S3 service, and with virtual addressing the bucket's own name."""
    config = parts.config
    address = urlsplit(config.s3["endpoint"]) if config.upload_direct or config.media_direct else None
    if address is None:
        return ""
    bucket = f"{config.s3['bucket']}." if config.s3["addressing"] == "virtual" else ""
    return f"{address.scheme}://{bucket}{address.netloc}"


def create_wsgi() -> App:
    """What the web server loads in each of its processes; the worker's threads too, if they live here."""
    parts = build(config.load())
    app = create_app(parts)
    if parts.config.worker == "in-process":
        worker.start(parts)
    return app
