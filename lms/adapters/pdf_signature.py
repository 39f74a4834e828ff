"""Signatures in PDF files (PAdES B-B, ETSI EN 319 142-1), made by pyHanko with the key of a PKCS#12 file.

pyHanko is an extra (`sign`): without it nothing is signed, and pages say so.
"""

import importlib.util
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12, serialize_key_and_certificates
from cryptography.x509.oid import NameOID

FIELD = "Issuer"
ROOM = 16_384  # bytes kept free for signature and certificates: not to sign twice only to learn how many it takes
DEMO_FILE = "demo-paper-key.p12"
DEMO_NAME = "Kangxue demo, not to be trusted"
DEMO_FROM, DEMO_YEARS = datetime(2026, 1, 1, tzinfo=UTC), 20


class PdfSigner:
    """Signs with one key. ValueError for a file that is no PKCS#12, or another password than its own."""

    def __init__(self, pkcs12: bytes, password: str) -> None:
        from pyhanko.sign import signers
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

        self.key = (pkcs12, password)
        secret = password.encode() or None
        held = load_pkcs12(pkcs12, secret)
        if held.key is None or held.cert is None:
            raise ValueError("the PKCS#12 file holds no key with its certificate")
        self.name: str = held.cert.certificate.subject.rfc4514_string()
        self._signer: Any = signers.SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=secret)
        if raw := _raw(held.key):
            self._signer.sign_raw = raw
        self._told: Any = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )

    def sign(self, pdf: bytes) -> bytes:
        """The file with an invisible signature over all of it that forbids any later change.

        In a thread of its own: pyHanko begins an event loop, and a thread that is in one already cannot.
        """
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(self._sign, pdf).result()

    def _sign(self, pdf: bytes) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers

        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signed: BytesIO = signers.sign_pdf(writer, self._told, self._signer, bytes_reserved=ROOM)
        return signed.getvalue()


def _raw(key: object) -> Callable[[bytes, str], bytes] | None:
    """How the key signs. pyHanko reads it anew for every file, which takes as long as all the rest; None: let it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data, _digest: key.sign(data, PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data, _digest: key.sign(data, ec.ECDSA(hashes.SHA256()))
    return None


def is_installed() -> bool:
    """Whether this installation can sign at all."""
    return importlib.util.find_spec("pyhanko") is not None


def open_signer(key_file: Path | None, password: str, demo_folder: Path | None) -> PdfSigner | None:
    """The signer of the operator's key file, or of a demo's own in `demo_folder`; None where there is neither.

    ValueError, in plain words, for a key that cannot be used.
    """
    if key_file is None:
        return PdfSigner(_demo_key(demo_folder), "") if demo_folder is not None and is_installed() else None
    if not is_installed():
        raise ValueError("LMS_PAPER_KEY needs pyHanko: install Kangxue with its extra `sign`")
    try:
        return PdfSigner(key_file.read_bytes(), password)
    except (OSError, ValueError) as error:
        raise ValueError(f"LMS_PAPER_KEY cannot be used: {error}") from None


def _demo_key(folder: Path) -> bytes:
    """A key that signed its own certificate, made once and kept readable by this user alone."""
    place = folder / DEMO_FILE
    if not place.exists():
        fresh = place.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(self_signed(DEMO_NAME))
        fresh.replace(place)
    return place.read_bytes()


def self_signed(name: str, held: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """A key (a fresh RSA-2048, unless told) with a certificate over itself, as PKCS#12 without a password: for demos
    and tests."""
    key = held or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(DEMO_FROM)
        .not_valid_after(DEMO_FROM + timedelta(days=365 * DEMO_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return serialize_key_and_certificates(name.encode(), key, made, None, NoEncryption())
