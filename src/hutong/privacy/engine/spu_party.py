"""One party of a match, run by the Python that has ``spu`` (HUTONG_SPU_PYTHON): reads a JSON job from its input and
writes a JSON result to the file the job names. It imports nothing of Hutong and sees this party's rows alone.

First both hold their terms against each other's. Then the intersection of the keys (ECDH over Curve25519): each party
learns which of its own rows are common. Then the sum: the values of party 0, the choice of party 1 and the noise of
both stay secret shares (Cheetah: two parties, no dealer). What is opened is the noisy count of chosen rows and their
noisy sum, and neither where the noisy count is below the minimum. Both parties are taken to keep to the protocol.
"""

import base64
import csv
import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import spu
from spu import libspu, psi
from spu.utils import frontend

jax.config.update("jax_enable_x64", True)
Job = dict[str, Any]
_SECRET = libspu.Visibility.VIS_SECRET
_WIDEST = 2**31
_RETRY_MS = 500
_LINE = "hutong-joint"  # the same on both sides, whatever they mean: that is compared over it


class Failed(Exception):
    """Why this party cannot go on, in one word, and what it is about."""

    def __init__(self, why: str, parts: list[str] | None = None) -> None:
        super().__init__(why)
        self.parts = parts or []


def link(job: Job) -> Any:
    desc = libspu.link.Desc()
    desc.id = _LINE
    desc.recv_timeout_ms = int(job["seconds"]) * 1000
    desc.connect_retry_times = max(1, int(job["wait"]) * 1000 // _RETRY_MS)
    desc.connect_retry_interval_ms = _RETRY_MS
    for rank, address in enumerate(job["addresses"]):
        desc.add_party(f"party-{rank}", address)
    if job["tls"]:
        desc.enable_ssl = True
        for options in (desc.server_ssl_opts, desc.client_ssl_opts):
            options.cert.certificate_path = job["tls"]["certificate"]
            options.cert.private_key_path = job["tls"]["key"]
            options.verify.ca_file_path = job["tls"]["authority"]
            options.verify.verify_depth = 1
    return libspu.link.create_brpc(desc, job["rank"])


def intersect(context: Any, job: Job) -> Any:
    config = psi.PsiExecuteConfig(
        protocol_conf=psi.PsiProtocolConfig(
            protocol=psi.PsiProtocol.PROTOCOL_ECDH,
            receiver_rank=0,
            broadcast_result=True,
            ecdh_params=psi.EcdhParams(curve=psi.EllipticCurveType.CURVE_25519),
        ),
        input_params=psi.InputParams(path=job["input"], selected_keys=[job["key"]], keys_unique=True),
        output_params=psi.OutputParams(path=job["output"]),
    )
    return psi.psi_execute(config, context)


def column(job: Job) -> Any:
    """Whole numbers of this party for the common rows, in the order both share."""
    with Path(job["output"]).open(encoding="utf8", newline="") as file:
        found = np.array([int(row[job["value"]]) for row in csv.DictReader(file)], dtype=np.int64)
    if job["rank"] == 1:
        return (found != 0).astype(np.int64)
    return np.clip(found, max(-_WIDEST, int(job["low"])), min(_WIDEST, int(job["high"])))


def look(job: Job) -> None:
    """What would stop the other side half-way is found before it is called."""
    keys = set()
    with Path(job["input"]).open(encoding="utf8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                key = row[job["key"]]
                if job["value"]:
                    int(row[job["value"]])
            except (KeyError, TypeError, ValueError):
                raise Failed("column") from None
            if not key or key in keys:
                raise Failed("keys")
            keys.add(key)
    if not keys:
        raise Failed("keys")


def shared(context: Any, io: Any, mine: Any, owner: int) -> Any:
    """What this party holds of the owner's column: the owner makes both and sends the other its own."""
    if context.rank == owner:
        shares = io.make_shares(mine, _SECRET, owner)
        other = shares[1 - owner]
        context.send(1 - owner, other.meta)
        context.send(1 - owner, len(other.share_chunks).to_bytes(4, "big"))
        for chunk in other.share_chunks:
            context.send(1 - owner, chunk)
        return shares[owner]
    share = libspu.Share()
    share.meta = context.recv(owner)
    share.share_chunks = [context.recv(owner) for _ in range(int.from_bytes(context.recv(owner), "big"))]
    return share


def summed(context: Any, job: Job) -> list[int]:
    """Count and sum of the rows that party 1 chose, each with the noise of both; then whether they are enough, zeros
    where not.
    """
    mine, least = column(job), int(job["minimum"])
    config = libspu.RuntimeConfig(libspu.ProtocolKind.CHEETAH, libspu.FieldType.FM64)
    io, machine = spu.Io(2, config), spu.Runtime(context, config)

    def compute(values: Any, chosen: Any, first: Any, second: Any) -> Any:
        count = jnp.sum(chosen, dtype=jnp.int64) + first[0] + second[0]
        total = jnp.sum(values * chosen, dtype=jnp.int64) + first[1] + second[1]
        enough = (count >= least).astype(jnp.int64)
        return enough, count * enough, total * enough

    noise = np.array(job["noise"], dtype=np.int64)
    for name, column_of, owner in (
        ("values", mine, 0), ("chosen", mine, 1), ("first", noise, 0), ("second", noise, 1),
    ):  # fmt: skip
        machine.set_var(name, shared(context, io, column_of, owner))
    example, two = np.zeros(len(mine), np.int64), np.zeros(2, np.int64)
    program, _shape = frontend.compile(
        frontend.Kind.JAX, compute, [example, example, two, two], {}, ["values", "chosen", "first", "second"],
        [_SECRET] * 4, lambda flat: [f"out{index}" for index in range(len(flat))],
    )  # fmt: skip
    machine.run(program)
    return [opened(context, io, machine.get_var(name)) for name in ("out0", "out1", "out2")]


def opened(context: Any, io: Any, mine: Any) -> int:
    parts = [context.all_gather(base64.b64encode(chunk).decode()) for chunk in mine.share_chunks]
    shares = []
    for rank in range(2):
        share = libspu.Share()
        share.meta = mine.meta
        share.share_chunks = [base64.b64decode(part[rank]) for part in parts]
        shares.append(share)
    return int(io.reconstruct(shares))


def agree(context: Any, job: Job) -> None:
    """Both mean the same, or tell in which parts they do not."""
    told = [json.loads(each) for each in context.all_gather(json.dumps(job["terms"]))]
    mine, other = told[job["rank"]], told[1 - job["rank"]]
    if mine != other:
        known = other if isinstance(other, dict) else {}
        raise Failed("terms", [name for name in mine if mine[name] != known.get(name)])


def together(job: Job) -> dict[str, Any]:
    try:
        context = link(job)
    except RuntimeError:
        raise Failed("absent") from None
    Path(job["up"]).touch()
    try:
        agree(context, job)
        began = time.monotonic()
        report = intersect(context, job)
        found = {"common": int(report.intersection_count), "mine": int(report.original_count)}
        found["match_ms"] = round((time.monotonic() - began) * 1000)
        if job["value"] and found["common"]:
            began = time.monotonic()
            enough, count, total = summed(context, job)
            if enough:
                found["count"], found["sum"] = count, total
            found["sum_ms"] = round((time.monotonic() - began) * 1000)
    except (RuntimeError, ValueError) as error:  # the engine's word for a line that was cut and all else
        sys.stderr.write(f"{error}\n")
        raise Failed("lost") from None
    context.stop_link()
    return found


def follow(parent: int) -> None:
    """End with the process that started this, so that no engine goes on listening after a kill (on Linux; elsewhere
    the run's own limit ends it).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    job = json.load(sys.stdin)
    if "parent" in job:
        follow(job["parent"])
    try:
        look(job)
        Path(job["calls"]).touch()
        told = together(job)
    except Failed as failed:
        told = {"failed": str(failed), "parts": failed.parts}
    Path(job["result"]).write_text(json.dumps(told), "utf8")


if __name__ == "__main__":
    main()
