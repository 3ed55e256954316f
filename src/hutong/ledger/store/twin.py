"""Signing and verifying with SM2 by OpenSSL's own command: no Python library of it is kept up."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from hutong.kernel.db import atomic
from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.ledger.errors import NoOpenssl
from hutong.ledger.logic import notes
from hutong.ledger.logic.sm2 import Sm2Key
from hutong.ledger.models import EntryRow
from hutong.ledger.store import keys
from hutong.ledger.store.appending import write
from hutong.ledger.types import NewEntry

DECLARED = "ledger.sm2-key"
NAME = "sm2"
_ID = ("-pkeyopt", "distid:1234567812345678")  # the identity GB/T 35276 gives where none is agreed
_HOW = ("-rawin", "-digest", "sm3", *_ID)
_TIMEOUT = 10

declare(
    Setting(
        "HUTONG_LEDGER_SM2",
        False,
        "bool",
        Text(
            zh="给检查点加一行国密签名（SM2/SM3，需要系统的 openssl 3）",
            en="Sign checkpoints with SM2/SM3 too, on a line of its own (needs the system's openssl 3)",
        ),
    )
)


def wanted() -> bool:
    return bool(value("HUTONG_LEDGER_SM2"))


def key_file() -> Path:
    return home() / "keys" / "ledger-sm2.pem"


def sign(text: str) -> notes.Signature:
    """A signature line over the text of a checkpoint. The key is made, and told to the log, at first use."""
    key = _declared(_key())
    with tempfile.TemporaryDirectory(prefix="hutong-sm2-") as folder:
        message = Path(folder) / "message"
        message.write_bytes(text.encode())
        made = _openssl("pkeyutl", "-sign", *_HOW, "-inkey", str(key_file()), "-in", str(message))
    return notes.Signature(key.name, key.key_id, made)


def accepts(key: Sm2Key, text: bytes, signature: bytes) -> bool:
    """Whether the signature holds, as OpenSSL judges it."""
    with tempfile.TemporaryDirectory(prefix="hutong-sm2-") as folder:
        public, message, signed = (Path(folder) / each for each in ("key", "message", "signature"))
        public.write_bytes(key.der)
        message.write_bytes(text)
        signed.write_bytes(signature)
        done = _run(
            "pkeyutl", "-verify", *_HOW, "-pubin", "-keyform", "DER", "-inkey", str(public),
            "-in", str(message), "-sigfile", str(signed),
        )  # fmt: skip
    return done.returncode == 0


def _key() -> Sm2Key:
    file = key_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, draft = tempfile.mkstemp(prefix=".sm2.", dir=file.parent)  # 0600
        try:
            with os.fdopen(number, "wb") as out:
                out.write(_openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"))
                out.flush()
                os.fsync(number)
            with suppress(FileExistsError):
                os.link(draft, file)
        finally:
            Path(draft).unlink()
    public = _openssl("pkey", "-in", str(file), "-pubout", "-outform", "DER")
    return Sm2Key.of_der(keys.origin(), public)


def _declared(key: Sm2Key) -> Sm2Key:
    rows = EntryRow.objects.filter(kind=DECLARED)
    if not any(f'"{key}"'.encode() in bytes(leaf) for leaf in rows.values_list("leaf", flat=True)):
        subject = str(Urn(str(value("HUTONG_PACK")), "ledger", "sm2"))
        with atomic():
            write([NewEntry(DECLARED, subject, {"key": str(key)}, "")])
    return key


def _openssl(*words: str) -> bytes:
    done = _run(*words)
    if done.returncode:
        raise NoOpenssl(reason=done.stderr.decode("utf8", "replace").strip()[:300])
    return done.stdout


def _run(*words: str) -> "subprocess.CompletedProcess[bytes]":
    program = shutil.which("openssl")
    if program is None:
        raise NoOpenssl(reason="openssl")
    return subprocess.run([program, *words], capture_output=True, timeout=_TIMEOUT, check=False)
