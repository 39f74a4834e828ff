"""Sealed fields, blind indexes, receipts, notes."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from lms.crypto import Keyring, NoteSigner, Signer, public_of_vkey, verification_code
from lms.domain.certificates import normal_code

OLD, NEW = ("k1", bytes(range(32))), ("k2", bytes(range(32, 64)))


def test_a_sealed_field_opens_at_its_place_only() -> None:
    ring = Keyring((OLD,), b"i" * 32)
    sealed = ring.seal("19900000001", "accounts:1:phone")
    assert "19900000001" not in sealed
    assert ring.open(sealed, "accounts:1:phone") == "19900000001"
    with pytest.raises(InvalidTag):
        ring.open(sealed, "accounts:2:phone")


def test_old_keys_still_open_and_new_ones_seal() -> None:
    before = Keyring((OLD,), b"i" * 32).seal("x", "p")
    ring = Keyring((NEW, OLD), b"i" * 32)
    assert ring.open(before, "p") == "x"
    assert ring.seal("x", "p").startswith("k2:")


def test_indexes_depend_on_key_and_kind() -> None:
    one, other = Keyring((OLD,), b"i" * 32), Keyring((OLD,), b"j" * 32)
    assert one.index("phone", "1") == one.index("phone", "1")
    assert len({one.index("phone", "1"), one.index("person", "1"), other.index("phone", "1")}) == 3


def test_a_receipt_verifies_with_the_published_key_alone() -> None:
    signer = Signer(bytes(range(32)))
    receipt = signer.sign({"seq": 1})
    public = OKPKey.import_key(signer.public_jwk)
    assert "d" not in signer.public_jwk
    assert jws.deserialize_compact(receipt, public, algorithms=["Ed25519"]).payload == b'{"seq":1}'
    forged = receipt[:-4] + ("AAAA" if receipt[-4:] != "AAAA" else "BBBB")
    with pytest.raises(BadSignatureError):
        signer.verify(forged)


def test_verification_codes_are_readable_and_differ() -> None:
    codes = {verification_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(normal_code(code) == code for code in codes)


def test_a_note_is_signed_as_the_format_shows_it() -> None:
    """The published example of the note format, key and all."""
    seed = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
    peter = NoteSigner("PeterNeumann", seed)
    assert peter.vkey == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert peter.sign(text) == f"{text}\n— PeterNeumann {signature}\n"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u3000b"])
def test_a_key_of_notes_needs_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a key"):
        NoteSigner(name, b"s" * 32)


def test_a_mistyped_verifier_key_is_told() -> None:
    vkey = NoteSigner("kangxue/example.cn", b"s" * 32).vkey
    assert len(public_of_vkey(vkey)) == 32
    for wrong in ("", "x", vkey.replace("kangxue", "kangxu"), vkey[:-4], vkey.replace("+A", "+B")):
        with pytest.raises(ValueError, match="no verifier key"):
            public_of_vkey(wrong)
