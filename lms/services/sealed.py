"""Personal values at rest: sealed for reading, indexed for finding."""

import json
import uuid
from collections.abc import Mapping

from lms.crypto import Keyring
from lms.domain.identity import DocumentType


def seal_phone(keyring: Keyring, account_id: uuid.UUID, phone: str) -> str:
    """The phone number, encrypted and bound to its account."""
    return keyring.seal(phone, f"accounts:{account_id}:phone")


def open_phone(keyring: Keyring, account_id: uuid.UUID, sealed: str) -> str:
    """The phone number in clear; callers mask it unless a reason is on record."""
    return keyring.open(sealed, f"accounts:{account_id}:phone")


def phone_index(keyring: Keyring, phone: str) -> str:
    """By which an account is found from a phone number."""
    return keyring.index("phone", phone)


def seal_document(keyring: Keyring, owner_id: uuid.UUID, number: str) -> str:
    """The identity number, encrypted and bound to its person, or to a row of `person_documents`.

    A person's first document has her own id, so that what older programs sealed can still be opened there.
    """
    return keyring.seal(number, f"people:{owner_id}:document")


def open_document(keyring: Keyring, owner_id: uuid.UUID, sealed: str) -> str:
    """The identity number in clear; callers mask it unless a reason is on record."""
    return keyring.open(sealed, f"people:{owner_id}:document")


def seal_change(keyring: Keyring, change_id: uuid.UUID, side: str, text: str) -> str:
    """A name or number before or after a change (`side`), encrypted and bound to the change."""
    return keyring.seal(text, f"identity_changes:{change_id}:{side}")


def open_change(keyring: Keyring, change_id: uuid.UUID, side: str, sealed: str) -> str:
    """The name or number again; callers mask numbers."""
    return keyring.open(sealed, f"identity_changes:{change_id}:{side}")


def seal_addition(keyring: Keyring, change_id: uuid.UUID, asked: Mapping[str, str]) -> str:
    """Who shall be added to a filed class, encrypted and bound to the row of `roster_changes`."""
    return keyring.seal(json.dumps(asked), f"roster_changes:{change_id}:person")


def open_addition(keyring: Keyring, change_id: uuid.UUID, sealed: str) -> dict[str, str]:
    """The same again: name, document_type, number, phone."""
    asked: dict[str, str] = json.loads(keyring.open(sealed, f"roster_changes:{change_id}:person"))
    return asked


def pid(keyring: Keyring, document_type: DocumentType, number: str) -> str:
    """The person's pseudonym over all institutions (study-time.md, Terms)."""
    return keyring.index(f"person:{document_type}", number)


def seal_qualification(keyring: Keyring, qualification_id: uuid.UUID, number: str) -> str:
    """The number of a certificate from elsewhere, encrypted and bound to its row."""
    return keyring.seal(number, f"qualifications:{qualification_id}:number")


def open_qualification(keyring: Keyring, qualification_id: uuid.UUID, sealed: str) -> str:
    """The number again; "" of who was erased. Callers mask it unless a reason is on record."""
    return keyring.open(sealed, f"qualifications:{qualification_id}:number") if sealed else ""


def qualification_index(keyring: Keyring, kind: str, number: str) -> str:
    """By which the same certificate is found again."""
    return keyring.index(f"qualification:{kind}", number)


def seal_group(keyring: Keyring, evidence_id: uuid.UUID, number: str) -> str:
    """The number of a paper that shows a group, encrypted and bound to its row; "" for none."""
    return keyring.seal(number, f"group_evidence:{evidence_id}:number") if number else ""


def open_group(keyring: Keyring, evidence_id: uuid.UUID, sealed: str) -> str:
    """The number again, "" for none; callers mask it unless a reason is on record."""
    return keyring.open(sealed, f"group_evidence:{evidence_id}:number") if sealed else ""


def seal_account(keyring: Keyring, row_id: uuid.UUID, number: str) -> str:
    """The number of an account that money is paid to, encrypted and bound to its row."""
    return keyring.seal(number, f"payee_accounts:{row_id}:account")


def open_account(keyring: Keyring, row_id: uuid.UUID, sealed: str) -> str:
    """The number again, for the bank file; "" of who was erased. Pages show its last four signs."""
    return keyring.open(sealed, f"payee_accounts:{row_id}:account") if sealed else ""


def account_index(keyring: Keyring, number: str) -> str:
    """By which the same account is found again, at whomever."""
    return keyring.index("payee-account", number)


def seal_contact(keyring: Keyring, objection_id: uuid.UUID, contact: str) -> str:
    """How somebody who objected can be asked back, encrypted and bound to the objection."""
    return keyring.seal(contact, f"notice_objections:{objection_id}:contact") if contact else ""


def open_contact(keyring: Keyring, objection_id: uuid.UUID, sealed: str) -> str:
    """The same again, for the officer who settles it; "" where none was left."""
    return keyring.open(sealed, f"notice_objections:{objection_id}:contact") if sealed else ""


def seal_webhook_secret(keyring: Keyring, subscription_id: uuid.UUID, secret: str) -> str:
    """The secret that signs a webhook, encrypted and bound to its subscription."""
    return keyring.seal(secret, f"webhook_subscriptions:{subscription_id}:secret")


def open_webhook_secret(keyring: Keyring, subscription_id: uuid.UUID, sealed: str) -> str:
    """The secret of a subscription in clear: to sign with, and to be shown once."""
    return keyring.open(sealed, f"webhook_subscriptions:{subscription_id}:secret")


def seal_credential_key(keyring: Keyring, row_id: uuid.UUID, private: str) -> str:
    """The private half of a key that signs credentials, encrypted and bound to its row."""
    return keyring.seal(private, f"credential_keys:{row_id}:private")


def open_credential_key(keyring: Keyring, row_id: uuid.UUID, sealed: str) -> str:
    """The private half again: hexadecimal seed or PEM."""
    return keyring.open(sealed, f"credential_keys:{row_id}:private")
