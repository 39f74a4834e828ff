"""Signing in for tools: a bearer token instead of a cookie."""

from typing import Annotated, Any

from flask import jsonify
from pydantic import BaseModel, Field

from lms import clock, db
from lms.domain.errors import Refused
from lms.services import accounts
from lms.web import access, limits
from lms.web.api.openapi import Error, Strict, body, described

bp = access.blueprint("api_tokens", __name__, access.PUBLIC, url_prefix="/api/v1")


class TokenBody(Strict):
    """Mobile number and password of an account."""

    phone: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class TokenAnswer(BaseModel):
    """To be sent as `Authorization: Bearer …`."""

    token: str


@bp.post("/tokens")
@limits.limiter.limit(limits.SIGN_IN)
@described(TokenBody, {201: TokenAnswer, 401: Error}, "accounts", public=True)
def create_token() -> Any:
    """Sign in with a password and get a bearer token."""
    asked = body(TokenBody)
    token = accounts.sign_in_with_password(
        db.current(), access.parts().keyring, phone=asked.phone, password=asked.password, now=clock.now()
    )
    return token if isinstance(token, Refused) else (jsonify(token=token), 201)
