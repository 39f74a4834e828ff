"""Gates: every blueprint names its audience, and what is not declared public is closed."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect

from lms import clock, db
from lms.domain import exchange
from lms.domain.errors import Forbidden, NotSignedIn
from lms.domain.exchange import Scope
from lms.domain.roles import Role
from lms.parts import Parts
from lms.services import accounts
from lms.services.exchange import callers
from lms.services.exchange.callers import Caller
from lms.services.scopes import Actor
from lms.web import limits

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SIGNED_IN = "signed-in"
WITHOUT_DATABASE = frozenset({"public_health.healthz"})
_noted: dict[tuple[uuid.UUID, str], datetime] = {}  # when this process last noted the use of a token for a scope


class User(UserMixin):
    """What Flask-Login carries: the actor, found again by the token of this device's login."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self.token = token

    def get_id(self) -> str:
        """The secret of this device's login, kept in the signed session cookie."""
        return self.token


def parts() -> Parts:
    """The parts of this process."""
    found: Parts = current_app.extensions["lms"]
    return found


def actor() -> Actor:
    """Who asks. Only inside a gated view."""
    found: Actor = current_user.actor
    return found


def token() -> str:
    """The token of the login by which the actor asks. Only inside a gated view."""
    found: str = current_user.token
    return found


class GatedBlueprint(Blueprint):
    """A blueprint that says whom it is for."""

    def __init__(self, name: str, import_name: str, audience: Role | str, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.audience = audience


def blueprint(name: str, import_name: str, audience: Role | str, **options: Any) -> GatedBlueprint:
    """A blueprint whose every route is open to one audience: a Role, SIGNED_IN or PUBLIC."""
    return GatedBlueprint(name, import_name, audience, **options)


def writes(view: View) -> View:
    """Marks a GET view that must write, such as an export that leaves an audit row."""
    view.__dict__["lms_writes"] = True
    return view


def takes(largest: int, *, in_memory: bool = False) -> Callable[[View], View]:
    """Marks a view whose requests may hold up to `largest` bytes, such as one that takes a file.

    With `in_memory` a file full of personal data is never spooled to the disk.
    """

    def mark(view: View) -> View:
        view.__dict__["lms_largest"], view.__dict__["lms_in_memory"] = largest, in_memory
        return view

    return mark


def gates_itself(view: View) -> View:
    """Marks a view that is called without transaction and asks `check_gate` itself, in one of its own."""
    view.__dict__["lms_gates_itself"] = True
    return view


def for_programs(scope: Scope) -> Callable[[View], View]:
    """Marks a view that service accounts may call whose token has this scope; all others are closed to them."""

    def mark(view: View) -> View:
        view.__dict__["lms_scope"] = scope
        return view

    return mark


def audience_of(app: Flask, endpoint: str) -> Role | str | None:
    """Whom an endpoint is open to; None means nobody declared it, so it stays closed."""
    name = endpoint.rpartition(".")[0]
    found = app.blueprints.get(name)
    return found.audience if isinstance(found, GatedBlueprint) else None


def check_gate() -> Any:
    """Lets the request through, sends it to the login page, or refuses it."""
    if request.endpoint is None:
        return None
    audience = audience_of(current_app, request.endpoint)
    if audience == PUBLIC:
        return None
    if audience is None:
        abort(404)
    if not current_user.is_authenticated:
        return _ask_to_log_in()
    if is_api() and not g.get("by_bearer"):
        _csrf().protect()
    if caller := _caller():
        _check_program(caller)
    if isinstance(audience, Role) and not current_user.actor.has(audience):
        raise Forbidden("role_needed", role=audience.value)
    return None


def _caller() -> Caller | None:
    """The program that asks, if it is one."""
    found: Caller | None = g.get("caller")
    return found


def _check_program(caller: Caller) -> None:
    """Refuses a program where nothing is for programs, beyond its scopes, and more often than it may ask."""
    scope: Scope | None = getattr(current_app.view_functions[str(request.endpoint)], "lms_scope", None)
    if scope is None:
        raise Forbidden("not_for_programs")
    g.scope = scope.value
    limits.check_program(caller.actor.service_id, caller.per_minute)
    exchange.require(caller.actor.scopes, scope)


def _ask_to_log_in() -> Any:
    if is_api() or request.blueprint == "learner_media":  # asked for by scripts, which follow no login page
        raise NotSignedIn("sign_in_needed")
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))


def is_api() -> bool:
    """Whether a tool or a script asks, which wants JSON and a status instead of a page."""
    return request.path.startswith("/api/")


def _csrf() -> CSRFProtect:
    found: CSRFProtect = current_app.extensions["csrf"]
    return found


def load_user(token: str) -> User | None:
    """The login behind a session cookie, unless it ended."""
    found = accounts.find_actor(db.current(), token, now=clock.now())
    return User(found, token) if found else None


def load_bearer(_request: Any) -> User | None:
    """The login behind `Authorization: Bearer …`, for tools; such requests carry no cookie to forge."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    user = _holder(token.strip()) if scheme.lower() == "bearer" and token else None
    g.by_bearer = user is not None
    return user


def _holder(token: str) -> User | None:
    if not exchange.is_service_token(token):
        return load_user(token)
    g.caller = callers.find_caller(db.current(), token, now=clock.now())
    return User(g.caller.actor, token) if g.caller else None


def _note_use(response: Response) -> Response:
    """Notes what a program used its token for, once a minute a scope, in a transaction of its own: it mostly reads."""
    caller = _caller()
    if caller is None:
        return response
    scope, now = g.get("scope", ""), clock.now()
    noted = _noted.get((caller.token_id, scope))
    if not caller.is_touched or noted is None or now - noted >= callers.TOUCH:
        _noted[caller.token_id, scope] = now
        with parts().database.transaction() as session:
            callers.note_use(session, caller, scope, response.status_code, now=now)
    return response


def install(app: Flask) -> None:
    """Ties Flask-Login to the application; `App.dispatch_request` calls the gate."""
    manager = LoginManager()
    manager.init_app(app)
    manager.user_loader(load_user)
    manager.request_loader(load_bearer)
    app.after_request(_note_use)
    manager.session_protection = None  # a phone changes its network and browser version all day
