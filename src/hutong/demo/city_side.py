"""The city's side of the demo, a second instance with a home, a log and keys of its own: it lives as long as its input.

``python -m hutong.demo.city_side PORT`` reads a line of JSON that says what to do, does it, and answers with a line.
Between lines it answers a peer's signed questions on PORT of this machine. Started by ``hutong.demo.city``.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import django

OWN = "city-data-bureau"
NAME = "beijing"


def main(port: int) -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after the settings

    from hutong.packs import api as packs  # noqa: PLC0415 - with them

    call_command("migrate", interactive=False, verbosity=0)
    packs.install(packs.folder_of("demo", "beijing-city"))
    server = HTTPServer(("127.0.0.1", port), _handler())
    Thread(target=server.serve_forever, daemon=True).start()
    _say(_introduction(server.server_port))
    for line in sys.stdin:
        said = json.loads(line)
        _say(_VERBS[said["do"]](said))
    server.shutdown()


def _introduction(port: int) -> dict[str, Any]:
    from hutong.ledger import api as ledger  # noqa: PLC0415 - models load after the apps

    keys = [each for each in ledger.organisation_keys(OWN) if each.revoked_by is None]
    made = keys[-1] if keys else ledger.add_key(OWN)
    return {"organisation": made.subject, "key": made.key, "log": ledger.verifier_key(), "port": port}


def _know(said: dict[str, Any]) -> dict[str, Any]:
    """Who the district is, and the entries of its register that the city keeps as well."""
    from hutong.catalog import api as catalog  # noqa: PLC0415 - models load after the apps
    from hutong.docking import api as docking  # noqa: PLC0415
    from hutong.kernel.settings import home  # noqa: PLC0415

    peer = said["peer"]
    lines = [f'name = "{NAME}"', f'organisation = "{OWN}"', f"[peers.{peer['name']}]"]
    lines += [f'{key} = "{peer[key]}"' for key in ("url", "organisation", "key", "log")]
    (home() / "peers.toml").write_text(
        "\n".join([*lines, 'level = "district"', 'rule = "owner"', ""]), "utf8"
    )
    docking.trust(peer["name"])
    standing = catalog.digests()
    for each in said["register"]:
        if each["urn"] not in standing:
            catalog.edit(catalog.Kind(each["kind"]), each["urn"], each["body"], expected=0)
    return {}


def _correct(said: dict[str, Any]) -> dict[str, Any]:
    """The city says another thing of one entry of the district, and takes another out of its register."""
    from hutong.catalog import api as catalog  # noqa: PLC0415 - models load after the apps

    changed, retired = (catalog.entry(urn) for urn in said["entries"])
    body = {**changed.body, "cloud": "in"}
    catalog.edit(changed.kind, changed.urn, body, expected=changed.version)
    catalog.retire(retired.urn, expected=retired.version, reason="市级登记中已并入其他系统（演示）")
    return {}


def _add(_said: dict[str, Any]) -> dict[str, Any]:
    """The city writes something that has not been fetched yet."""
    from hutong.catalog import api as catalog  # noqa: PLC0415 - models load after the apps

    stops = catalog.find(catalog.Kind.DATASET, "bus-stops")
    body = {
        **stops.body,
        "id": "rail-stations",
        "title": {"zh": "全市轨道交通车站", "en": "The city's rail stations"},
        "summary": {"zh": "轨道交通车站名称、位置与换乘线路", "en": "Names, places and lines"},
        "code": "301001/000003",
    }
    catalog.edit(stops.kind, stops.urn.replace("bus-stops", "rail-stations"), body, expected=0)
    return {}


_VERBS = {"know": _know, "correct": _correct, "add": _add}


def _handler() -> type[BaseHTTPRequestHandler]:
    from hutong.docking import api as docking  # noqa: PLC0415 - models load after the apps
    from hutong.kernel.errors import HutongError  # noqa: PLC0415

    class Handler(BaseHTTPRequestHandler):
        """Signed questions alone; there are no pages here."""

        def do_POST(self) -> None:
            verb = self.path.rpartition("/")[2]
            body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), docking.MAX_BYTES))
            try:
                told, headers = docking.respond(verb, dict(self.headers.items()), body)
                status = 200
            except HutongError as error:
                told, headers, status = json.dumps(error.as_dict(), default=str).encode(), {}, error.status
            self.send_response(status)
            for name, text in {**headers, "Content-Length": str(len(told))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_words: object) -> None:
            """Says nothing: its output is a conversation."""

    return Handler


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
