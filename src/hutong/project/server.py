"""`hutong up`: a small supervisor over the web server and the worker; Ctrl-C ends all of them.

It stays as long as they do, so this module imports nothing that needs Django's apps.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from hutong.accounts.binding import check_bind
from hutong.kernel import settings as declared
from hutong.ledger.witness import demo

_GRACE = 15.0
_CHILD = [sys.executable, "-m", "hutong.project.cli"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="PORT")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option(
    "--demo-in-public", is_flag=True, help="Demo mode may bind beyond loopback (with --yes-i-mean-it)."
)
@click.option("--yes-i-mean-it", is_flag=True, help="Second word for --demo-in-public.")
def up(host: str, port: int, workers: int, *, demo_in_public: bool, yes_i_mean_it: bool) -> None:
    """Serve the pages and do the durable work until Ctrl-C."""
    told = {"demo-in-public": demo_in_public, "yes-i-mean-it": yes_i_mean_it}
    check_bind(host, declared.demo(), [name for name, given in told.items() if given])
    if all(told.values()):
        os.environ["HUTONG_DEMO_IN_PUBLIC"] = "1"
    serve(host, port, workers)


def serve(host: str, port: int, workers: int) -> None:
    """Run until a child ends or a signal comes; a child that dies takes the others down, loudly."""
    children = {
        "web": _begin(_web(host, port, workers)),
        "work": _begin([*_CHILD, "work"]),
    }
    beside = [_begin(each) for each in _witnesses()]
    asked = _until_asked()
    click.echo(f"Hutong 胡同  http://{host}:{port}/  ({declared.home()})")
    try:
        while not asked and all(child.poll() is None for child in children.values()):
            time.sleep(0.2)
    finally:
        ended = {name: child.poll() for name, child in children.items()}
        _end([*children.values(), *beside])
    dead = [name for name, code in ended.items() if code is not None]
    if dead and not asked:
        raise click.ClickException(f"{', '.join(dead)} ended by itself; see the lines above")


def _witnesses() -> list[list[str]]:
    """In demo mode three witnesses run beside the district; one that ends does not take it down."""
    return demo.prepare(declared.home()) if declared.demo() else []


def _until_asked() -> list[int]:
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return asked


def _web(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi",
        "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "4", "--backpressure", "256", "--no-ws",
        "--http1-header-read-timeout", "15000", "--log-level", "warning",
        "--workers-kill-timeout", "10", "hutong.project.wsgi:application",
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "HUTONG_HOME": str(declared.home()),
        "DJANGO_SETTINGS_MODULE": "hutong.project.settings",
    }


def _begin(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child that leads a group of its own, so that those it started can be ended with it."""
    return subprocess.Popen(command, env=_environment(), process_group=0)


def _end(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + _GRACE
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)  # with its own children: a web worker would keep the port
            child.wait()
