"""Identifiers, secrets and files of the exchange, under the home folder."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from hutong.kernel.settings import home, value
from hutong.kernel.urn import Urn


def urn(kind: str, local: str) -> str:
    return str(Urn(str(value("HUTONG_PACK")), kind, local))


def request_urn(request: str) -> str:
    return urn("exchange-request", request)


def contract_urn(contract: str) -> str:
    return urn("exchange-contract", contract)


def dataset_urn(table: str) -> str:
    return urn("dataset", table)


def link_urn(link: str) -> str:
    return urn("exchange-link", link)


def issue_urn(issue: str) -> str:
    return urn("exchange-issue", issue)


def files() -> Path:
    return home() / "exchange"


def secret(purpose: str) -> bytes:
    """A key for one purpose, derived from the secret of this home; the same home always gives the same."""
    return hmac.new(_master(), purpose.encode(), hashlib.sha256).digest()


def _master() -> bytes:
    file = home() / "keys" / "exchange.key"
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        try:
            os.link(draft, file)  # the first process wins; the others read what it wrote
        except FileExistsError:
            return file.read_bytes()
        finally:
            draft.unlink()
        return file.read_bytes()
