"""Signed files: whole to who knows the key's certificate, broken after one flipped bit; no key fails in silence."""

import asyncio
import shutil
import stat
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12, serialize_key_and_certificates
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lms.adapters import pdf_signature
from lms.adapters.certificate_pdf import write_certificate
from lms.adapters.pdf_signature import DEMO_FILE, PdfSigner, open_signer, self_signed
from tests.adapters.test_certificate_pdf import SHEET
from tests.conftest import required

KEY = self_signed("康宁养老服务中心")
OTHER = self_signed("another")
CURVE = self_signed("康宁养老服务中心", ec.generate_private_key(ec.SECP256R1()))
BOTH = pytest.mark.parametrize("key", [KEY, CURVE], ids=["rsa", "p256"])
POPPLER = pytest.mark.skipif(not shutil.which("pdfsig") and not required("pdfsig"), reason="no poppler here")


def status(pdf: bytes, key: bytes = KEY) -> Any:
    held = load_pkcs12(key, None).cert
    assert held
    roots = list(load_certs_from_pemder_data(held.certificate.public_bytes(Encoding.DER)))
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))


def flipped(signed: bytes) -> bytes:
    """The file with one bit of its page changed."""
    made = bytearray(signed)
    made[signed.index(b"stream") + 40] ^= 1
    return bytes(made)


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the file, whoever signed it."""
    place = folder / "paper.pdf"
    place.write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(place)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@BOTH
def test_a_signed_page_is_whole_and_covers_all(key: bytes) -> None:
    plain = write_certificate(SHEET)
    signed = PdfSigner(key, "").sign(plain)
    assert signed.startswith(plain)
    found = status(signed, key)
    assert (found.intact, found.valid, found.trusted, found.bottom_line) == (True, True, True, True)
    assert found.coverage.name == "ENTIRE_FILE"
    assert b"/ETSI.CAdES.detached" in signed


def test_one_flipped_bit_breaks_it() -> None:
    found = status(flipped(PdfSigner(KEY, "").sign(write_certificate(SHEET))))
    assert not found.bottom_line
    assert not found.intact


@POPPLER
@BOTH
def test_poppler_says_the_same(tmp_path: Path, key: bytes) -> None:
    signed = PdfSigner(key, "").sign(write_certificate(SHEET))
    told = pdfsig(signed, tmp_path)
    for words in ("Signature is Valid.", "Total document signed", "ETSI.CAdES.detached", "CN=康宁养老服务中心"):
        assert words in told
    told = pdfsig(flipped(signed), tmp_path)
    assert "Signature is Valid." not in told
    assert "Digest Mismatch." in told


def test_it_signs_where_an_event_loop_runs() -> None:
    async def sign() -> bytes:
        return PdfSigner(KEY, "").sign(write_certificate(SHEET))

    assert status(asyncio.run(sign())).bottom_line


def test_a_foreign_key_is_not_trusted() -> None:
    found = status(PdfSigner(OTHER, "").sign(write_certificate(SHEET)))
    assert found.intact
    assert not found.trusted


def test_the_operators_key_has_a_password(tmp_path: Path) -> None:
    held, place = load_pkcs12(KEY, None), tmp_path / "key.p12"
    assert held.key
    assert held.cert
    locked = serialize_key_and_certificates(
        b"k", held.key, held.cert.certificate, None, BestAvailableEncryption(b"open-sesame")
    )
    place.write_bytes(locked)
    signer = open_signer(place, "open-sesame", None)
    assert signer
    assert signer.name == "CN=康宁养老服务中心"
    assert status(signer.sign(write_certificate(SHEET))).bottom_line
    for wrong in ("", "close-sesame"):
        with pytest.raises(ValueError, match="LMS_PAPER_KEY cannot be used"):
            open_signer(place, wrong, None)
    with pytest.raises(ValueError, match="LMS_PAPER_KEY cannot be used"):
        open_signer(tmp_path / "none.p12", "", None)


def test_a_demo_makes_its_own_key_once(tmp_path: Path) -> None:
    first = open_signer(None, "", tmp_path)
    kept = (tmp_path / DEMO_FILE).read_bytes()
    assert first
    assert "not to be trusted" in first.name
    open_signer(None, "", tmp_path)
    assert (tmp_path / DEMO_FILE).read_bytes() == kept
    assert stat.S_IMODE((tmp_path / DEMO_FILE).stat().st_mode) == 0o600
    assert open_signer(None, "", None) is None


def test_without_pyhanko_a_key_is_refused_and_a_demo_stays_unsigned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_signature, "is_installed", lambda: False)
    assert open_signer(None, "", tmp_path) is None
    with pytest.raises(ValueError, match="extra `sign`"):
        open_signer(tmp_path / "key.p12", "", None)
