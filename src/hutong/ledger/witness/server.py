"""The HTTP side of a witness."""

import hashlib
import json
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from hutong.ledger.logic import notes
from hutong.ledger.logic.cosignatures import WitnessSigner
from hutong.ledger.witness import judging
from hutong.ledger.witness.book import Book

log = logging.getLogger("hutong.witness")
LARGEST = 64 * 1024
_TEXT = "text/plain; charset=utf-8"
_AT_ONCE = 32


class Witness:
    """One witness: a key, a book, and how it answers."""

    def __init__(self, signer: WitnessSigner, book: Book, alert_url: str = "") -> None:
        self.signer, self.book, self.alert_url = signer, book, alert_url

    def add(self, body: bytes) -> str:
        """Signature lines for the checkpoint; judging.Refusal otherwise. On disk before it returns."""
        given = judging.read(body)
        origin = given.checkpoint.origin
        keys = self.book.keys(origin)
        if not keys:
            raise judging.Refusal(404, "this log is not known here")
        try:
            with self.book.change():
                judging.judge(given, keys, self.book.known(origin))
                line = str(self.signer.sign(given.text, int(time.time())))
                own = self.signer.verifier
                kept = [str(each) for each in notes.parse(given.note).signatures if each.name != own.name]
                known = judging.Known(given.checkpoint.size, given.checkpoint.root)
                self.book.remember(origin, known, given.text + "\n" + "".join(kept) + line)
        except judging.Refusal as refusal:
            if refusal.alarm:
                self._shout(origin, refusal.reason, given.note)
            raise
        return line

    def latest(self, origin_hash: str) -> str:
        """The latest cosigned checkpoint of the log whose origin has this SHA-256; empty when there is none."""
        for origin in self.book.origins():
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                return self.book.checkpoint(origin)
        return ""

    def _shout(self, origin: str, why: str, offered: str) -> None:
        told = self.book.shout(origin, why, offered)
        log.critical("ALARM %s: %s", origin, why)
        if told and self.alert_url:
            threading.Thread(target=self._alert, args=(told,), daemon=True).start()

    def _alert(self, told: dict[str, Any]) -> None:
        body = json.dumps({"witness": self.signer.key.name, **told}).encode()
        import urllib.request  # noqa: PLC0415 - a quarter of the process's memory, for what should never happen

        request = urllib.request.Request(self.alert_url, body, {"Content-Type": "application/json"})  # noqa: S310 - the operator's own setting
        try:
            urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - as above
        except OSError:
            log.exception("the alert could not be delivered to %s", self.alert_url)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "hutong-witness"
    sys_version = ""
    timeout = 15
    witness: ClassVar[Witness]

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= LARGEST):
            self.close_connection = True
            self._answer(413 if length.isdigit() else 411, "the length is missing or too large\n")
            return
        body = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            self._answer(404, "there is nothing here\n")
            return
        try:
            self._answer(200, self.witness.add(body))
        except judging.Refusal as refusal:
            kind = "text/x.tlog.size" if refusal.status == 409 else _TEXT
            self._answer(refusal.status, refusal.body or f"{refusal.reason}\n", kind)

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        if self.path == "/verifier":
            self._answer(200, f"{self.witness.signer.verifier}\n")
        elif self.path == "/alarms":
            self._answer(200, json.dumps(self.witness.book.alarms(), ensure_ascii=False), "application/json")
        elif len(parts) == 2 and parts[1] == "checkpoint" and (found := self.witness.latest(parts[0])):
            self._answer(200, found)
        else:
            self._answer(404, "there is nothing here\n")

    def _answer(self, status: int, text: str, kind: str = _TEXT) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the standard library
        log.info(format, *args)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(address, type("Bound", (Handler,), {"witness": witness}))

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(timeout=5):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()
