"""`hutong ledger check`: verifies evidence with no home, database or network, and imports nothing that needs them."""

import json
from pathlib import Path
from typing import Any

import click

from hutong.ledger.logic.completeness import Complete
from hutong.ledger.logic.evidence import Checked, check_file
from hutong.ledger.logic.trusting import Trusted

_OWN_KEY = "公钥取自文件本身，请与可信来源核对 · the key is the file's own: compare it with one you trust"
_OWN_POLICY = "见证策略取自文件本身 · the witness policy is the file's own"


@click.group()
def ledger() -> None:
    """Verify evidence of the log."""


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The verifier key you trust; without it the one named in the file is used.")
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The witness policy you trust (C2SP tlog-policy); its quorum must have cosigned.",
)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def check(file: Path, key: str | None, policy: Path | None, *, as_json: bool) -> None:
    """Verify an evidence FILE offline, without our server or database; exit 1 when it does not hold."""
    found = check_file(file, key, policy.read_text("utf8") if policy else None)
    said = _complete(found) if isinstance(found, Complete) else _single(found)
    if as_json:
        click.echo(json.dumps({"ok": True, **said, **_trust(found.trusted)}, ensure_ascii=False, indent=2))
        return
    head = said["label"] if isinstance(found, Complete) else found.index
    click.secho(f"✓ {found.checkpoint.origin}: {head} / {found.checkpoint.size}", fg="green")
    for line in _lines(found.trusted):
        click.echo(f"  {line}")
    if isinstance(found, Checked) and found.signers:
        click.echo(f"  签署单位 · signed by the organisations {', '.join(found.signers)}")
    if isinstance(found, Complete):
        click.echo(
            f"  {found.count} 条，前 {found.size} 条日志中再无其他（略去最早 {found.skipped} 条） ·"
            f" {found.count} entries, and no others among the first {found.size}"
            f" ({found.skipped} earlier ones left out)"
        )
    if isinstance(found, Complete) and len(found.entries) < found.count:
        click.echo("  条目过多，不逐条列出 · too many to be listed")
    else:
        listed = said["entries" if isinstance(found, Complete) else "entry"]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))


def _single(found: Checked) -> dict[str, Any]:
    fields = {**found.fields, "at": found.fields["at"].isoformat()}
    said = {"index": found.index, "size": found.checkpoint.size, "signers": list(found.signers)}
    return {**said, "entry": fields}


def _complete(found: Complete) -> dict[str, Any]:
    shown = [{"index": place, **fields, "at": fields["at"].isoformat()} for place, fields in found.entries]
    label = " × ".join(each for each in (found.by, found.about) if each)
    return {
        "label": label,
        "complete_up_to": found.size,
        "skipped": found.skipped,
        "count": found.count,
        "entries": shown,
    }


def _trust(found: Trusted) -> dict[str, Any]:
    return {
        "signed_by": found.signed_by,
        "witnesses": {name: at.isoformat() for name, at in found.witnesses},
        "quorum": found.quorum,
        "own_key": found.own_key,
        "own_policy": found.own_policy,
    }


def _lines(found: Trusted) -> list[str]:
    lines = [found.signed_by]
    lines += [f"见证 · witnessed by {name}, {at.isoformat()}" for name, at in found.witnesses]
    if not found.quorum:
        lines.append("未达见证法定数 · not cosigned by a quorum of witnesses")
    return lines + [_OWN_KEY] * found.own_key + [_OWN_POLICY] * (found.own_policy and bool(found.witnesses))
