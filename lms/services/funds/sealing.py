"""Account numbers of payees: opened only to be sealed into a payment, and while a file for the bank is made."""

import uuid

from lms.crypto import Keyring
from lms.domain.subsidies import Payee
from lms.models.funds import FundPayment
from lms.services import sealed


def open_payee(keyring: Keyring, payee: Payee) -> str:
    """The number of an account as claims hand it over."""
    return sealed.open_account(keyring, payee.account_id, payee.account_sealed)


def seal_payment(keyring: Keyring, payment_id: uuid.UUID, number: str) -> str:
    """The number, encrypted and bound to the payment that goes there."""
    return keyring.seal(number, f"fund_payments:{payment_id}:account")


def open_payment(keyring: Keyring, payment: FundPayment) -> str:
    """The number again; "" of who was erased."""
    if not payment.account_sealed:
        return ""
    return keyring.open(payment.account_sealed, f"fund_payments:{payment.id}:account")
