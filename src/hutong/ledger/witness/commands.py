"""`hutong witness`: a witness of one or more logs, apart from any district."""

import json
import logging
import signal
import stat
import threading
from pathlib import Path

import click

from hutong.ledger.errors import KeyMissing
from hutong.ledger.logic.cosignatures import WitnessSigner
from hutong.ledger.logic.notes import SignerKey, VerifierKey
from hutong.ledger.store.files_once import place
from hutong.ledger.witness.book import Book
from hutong.ledger.witness.server import Server, Witness

_home = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("witness"),
    show_default=True,
    envvar="HUTONG_WITNESS_HOME",
    help="The folder with its key and state.",
)


@click.group()
def witness() -> None:
    """Cosign checkpoints of logs, as an independent witness (C2SP tlog-witness)."""


@witness.command()
@click.argument("name")
@_home
def init(name: str, home: Path) -> None:
    """Make the key of a witness called NAME (as witness.example.gov.cn/city) and print its verifier key."""
    click.echo(str(create(home, name).verifier))


@witness.command()
@click.argument("key")
@_home
def trust(key: str, home: Path) -> None:
    """Cosign for the log with this verifier KEY (its /ledger/verifier) from now on."""
    signer(home)
    book = Book(home)
    book.trust(VerifierKey.parse(key.strip()))
    click.echo("\n".join(book.origins()))
    book.close()


@witness.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8140, show_default=True, type=click.IntRange(0, 65535))
@click.option("--alert-url", default="", help="Alarms are posted here as JSON.")
@_home
def run(host: str, port: int, alert_url: str, home: Path) -> None:
    """Serve until SIGTERM. Alarms go to the log, to alarms.jsonl and to --alert-url."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    book = Book(home)
    server = Server((host, port), Witness(signer(home), book, alert_url))
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: threading.Thread(target=server.shutdown).start())
    click.echo(f"witness {signer(home).key.name}  http://{host}:{server.server_address[1]}/")
    try:
        server.serve_forever(poll_interval=1.0)
    finally:
        server.server_close()
        book.close()


@witness.command()
@_home
def alarms(home: Path) -> None:
    """The alarms so far, one JSON object a line; exit 1 when there are any."""
    book = Book(home)
    found = book.alarms()
    book.close()
    for each in found:
        click.echo(json.dumps(each, ensure_ascii=False))
    raise SystemExit(1 if found else 0)


def create(home: Path, name: str) -> WitnessSigner:
    """The witness of this folder, made now if there is none."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = home / "witness.skey"
    if not file.exists():
        place(file, SignerKey.generate(name).encoded(), stat.S_IRUSR | stat.S_IWUSR)
    return signer(home)


def signer(home: Path) -> WitnessSigner:
    file = home / "witness.skey"
    if not file.exists():
        raise KeyMissing(file=str(file))
    return WitnessSigner(SignerKey.parse(file.read_text("utf8").strip()))
