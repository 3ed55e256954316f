"""Certificates by which two installations know each other in a joint run: made here, exchanged as files.

Each installation makes its own, and no private key travels: a side trusts the certificates that its administrator has
taken in, after comparing fingerprints by another way than the one the file came.
"""

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.privacy import doors
from hutong.privacy.errors import BadCertificate

DAYS: Final = 825
_BITS = 3072
_MOST_BYTES = 1 << 16
_PRIVATE = b"PRIVATE KEY"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as people compare it."""

    path: Path
    name: str
    fingerprint: str  # SHA-256, in pairs
    until: datetime


def make(name: str) -> Certificate:
    """A new key and its certificate for the host ``name``; raises ``BadCertificate`` where there is one already."""
    own, private, _authority = doors.certificate_files()
    if own.exists() or private.exists():
        raise BadCertificate(
            reason_zh=f"{own.parent} 中已有证书，更换前先移走 {own.name} 和 {private.name}",
            reason_en=f"{own.parent} has one already; move {own.name} and {private.name} away before you change it",
        )
    if not doors.callable_host(name):
        raise BadCertificate(
            reason_zh=f"“{name[:80]}”不是主机名或地址", reason_en=f"“{name[:80]}” is no host"
        )
    key = rsa.generate_private_key(65537, _BITS)
    body = _signed(key, name).public_bytes(serialization.Encoding.PEM)
    own.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secret)
    own.write_bytes(body)
    made = _read(own, body)
    with atomic():
        audit.record("privacy.certificate-made", made.name, **_told(made))
    return made


def trust(file: Path) -> Certificate:
    """Take in the certificate of the other installation beside those that are trusted already; twice is once."""
    body = file.read_bytes()[: _MOST_BYTES + 1]
    if _PRIVATE in body:
        raise BadCertificate(
            reason_zh="文件中有私钥，请对方只发 certificate.pem",
            reason_en="the file has a private key in it; have the other side send its certificate.pem alone",
        )
    found = _read(file, body)
    authority = doors.certificate_files()[2]
    authority.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = authority.read_bytes() if authority.is_file() else b""
    if found.fingerprint not in {each.fingerprint for each in _all(authority, known)}:
        draft = authority.with_suffix(".draft")
        draft.write_bytes(known + (b"" if known.endswith(b"\n") or not known else b"\n") + _pem(body))
        draft.replace(authority)
        with atomic():
            audit.record("privacy.certificate-trusted", found.name, **_told(found))
    return found


def held() -> list[Certificate]:
    """One's own certificate and those that are trusted; none where none are there. Raises ``BadCertificate``."""
    own, _private, authority = doors.certificate_files()
    return [each for path in (own, authority) if path.is_file() for each in _all(path, path.read_bytes())]


def _signed(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    try:
        also: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        also = x509.DNSName(name)
    now = clock.now()
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([also]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip


def _all(path: Path, body: bytes) -> list[Certificate]:
    try:
        return [_shown(path, each) for each in x509.load_pem_x509_certificates(body)] if body.strip() else []
    except ValueError:
        raise _none(path) from None


def _read(path: Path, body: bytes) -> Certificate:
    try:
        found = _shown(path, x509.load_pem_x509_certificate(body))
    except ValueError:
        raise _none(path) from None
    if len(body) > _MOST_BYTES or found.until <= clock.now():
        raise BadCertificate(
            reason_zh=f"{path.name} 已过期或过大", reason_en=f"{path.name} is over or too large"
        )
    return found


def _shown(path: Path, found: x509.Certificate) -> Certificate:
    named = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = found.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(path, str(named[0].value) if named else "", text, found.not_valid_after_utc)


def _pem(body: bytes) -> bytes:
    return x509.load_pem_x509_certificate(body).public_bytes(serialization.Encoding.PEM)


def _none(path: Path) -> BadCertificate:
    return BadCertificate(
        reason_zh=f"{path.name} 不是 PEM 格式的证书", reason_en=f"{path.name} is no certificate in PEM"
    )


def _told(found: Certificate) -> dict[str, str]:
    return {"certificate": found.fingerprint, "until": found.until.isoformat()}
