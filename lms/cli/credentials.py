"""`lms credentials`: the keys that sign records for others, and checking what somebody hands over."""

import json
import sys
from typing import IO, Any

import click

from lms import clock
from lms.adapters import data_integrity, vc_jwt
from lms.adapters.data_integrity import NotGenuine
from lms.cli.context import pass_parts
from lms.db import Session
from lms.domain.credentials import Issuer
from lms.domain.errors import NotFound
from lms.parts import Parts
from lms.services import credentials


@click.group("credentials", help="Keys that sign records for other systems; check a credential or a QR code.")
def group() -> None:
    """The `lms credentials` commands."""


@group.command("keys", help="List the keys, the oldest first.")
@pass_parts
def keys(parts: Parts) -> None:
    """`lms credentials keys`."""
    with parts.database.transaction(write=False) as session:
        for key in credentials.list_keys(session):
            state = "signs" if key.signs else "distrusted" if key.distrusted_at else "retired"
            click.echo(f"{key.kid}  {key.kind}  {state}  since {key.created_at:%Y-%m-%d}")


@group.command("rotate", help="Make new keys. What the old ones signed stays good.")
@pass_parts
def rotate(parts: Parts) -> None:
    """`lms credentials rotate`."""
    with parts.database.transaction() as session:
        for key in credentials.rotate(session, parts.keyring, now=clock.now()):
            click.echo(f"{key.kid}  {key.kind}")


@group.command("distrust", help="A key fell into other hands: what it signed counts no more and is signed anew.")
@click.argument("kid")
@pass_parts
def distrust(parts: Parts, kid: str) -> None:
    """`lms credentials distrust KID`."""
    try:
        with parts.database.transaction() as session:
            credentials.distrust(session, kid, now=clock.now())
    except NotFound:
        raise click.ClickException(f"no key is called {kid}; `lms credentials keys` lists them") from None


@group.command("verify", help="Check a credential (JSON, JWT) or the text of a QR code against this site's keys.")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@pass_parts
def verify(parts: Parts, file: IO[str]) -> None:
    """`lms credentials verify FILE`: prints what was signed; 1 for what is not genuine."""
    text = file.read().strip()
    try:
        with parts.database.transaction(write=False) as session:
            found = _verified(session, Issuer(parts.config.base_url, ""), text)
    except (NotGenuine, ValueError) as problem:
        click.echo(f"not genuine: {problem}", err=True)
        sys.exit(1)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _verified(session: Session, issuer: Issuer, text: str) -> dict[str, Any]:
    if text.startswith("{"):
        return data_integrity.verify(json.loads(text), credentials.trusted_methods(session, issuer))
    if "#" in text:
        return vc_jwt.read_compact(text.rpartition("#")[2], credentials.compact_keys(session))
    try:
        return vc_jwt.verify(text, credentials.token_keys(session, issuer))
    except NotGenuine:
        return vc_jwt.read_compact(text, credentials.compact_keys(session))
