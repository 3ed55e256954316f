"""`make bench` finds its measurements, and one that fails keeps no other from being run."""

import importlib
import sys

import pytest

from bench import __main__ as bench
from bench.result import Result


def test_every_measurement_can_be_begun():
    names = bench.known()
    assert {"lake", "ledger", "exchange", "portal", "posture", "modules"} <= set(names)
    assert all(callable(importlib.import_module(f"bench.{name}").run) for name in names)


def test_one_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def fails():
        yield Result("half of it", 1.0, "s")
        raise ValueError("no disk")

    monkeypatch.setattr(importlib.import_module("bench.lake"), "run", fails)
    monkeypatch.setattr(importlib.import_module("bench.posture"), "run", lambda: [Result("it", 2.0, "s")])
    monkeypatch.setattr(sys, "argv", ["bench", "lake", "posture"])
    assert bench.main() == 1
    said = capsys.readouterr()
    assert "half of it: 1 s" in said.out
    assert "it: 2 s" in said.out
    assert "could not be measured: lake" in said.out
    assert "no disk" in said.err
