"""The log's own key: made once, in HUTONG_HOME/keys, readable by its owner only, never logged."""

from pathlib import Path

from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.ledger.errors import BadKey, KeyMissing
from hutong.ledger.logic.notes import SignerKey, VerifierKey
from hutong.ledger.store.files_once import place

declare(
    Setting(
        "HUTONG_LEDGER_ORIGIN",
        "hutong.localhost/ledger",
        "str",
        Text(
            zh="日志的来源名（写入检查点与密钥名，建立后不再改变），例如 data.example.gov.cn/ledger",
            en="Origin of the log, in every checkpoint and in the key name; fixed once the key is made",
        ),
    )
)


def signer_file() -> Path:
    return home() / "keys" / "ledger.skey"


def verifier_file() -> Path:
    return home() / "keys" / "ledger.vkey"


def signer() -> SignerKey:
    """The signing key; KeyMissing when it is gone. Only ``create`` makes one."""
    try:
        return SignerKey.parse(signer_file().read_text("ascii").strip())
    except FileNotFoundError as error:
        raise KeyMissing(file=str(signer_file())) from error


def verifier() -> VerifierKey:
    """The public key, from its own file, so that a server without the signing key can still verify."""
    try:
        return VerifierKey.parse(verifier_file().read_text("utf8").strip())
    except FileNotFoundError as error:
        raise KeyMissing(file=str(verifier_file())) from error


def origin() -> str:
    """The name of the log: that of its key once there is one."""
    try:
        return verifier().name
    except (KeyMissing, BadKey, UnicodeDecodeError):
        return str(value("HUTONG_LEDGER_ORIGIN"))


def create() -> SignerKey:
    """The key of this home, made now if there is none. Two processes at once agree on one."""
    folder = signer_file().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not signer_file().exists():
        place(signer_file(), SignerKey.generate(str(value("HUTONG_LEDGER_ORIGIN"))).encoded(), 0o600)
    key = signer()
    if not verifier_file().exists():
        place(verifier_file(), str(key.verifier), 0o644)
    return key
