"""Checks an evidence file of a Hutong log. Needs Python 3.9 and the package `cryptography`, and no network.

    python hutong_check.py FILE --key VERIFIER [--policy POLICY]

VERIFIER is the log's key and POLICY its witnesses (C2SP tlog-policy), both from a source you trust. Exit 0: it holds.
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn, TextIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Key = tuple[str, bytes, bytes]
Group = tuple[int, list[str]]
Policy = tuple[dict[str, Key], dict[str, Group], str]


def no(why: str) -> NoReturn:
    raise ValueError(why)


def unbase64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def key(text: str, kind: int) -> Key:
    """(name, key id, public key) of name+hash+base64."""
    name, key_id, encoded = text.split("+", 2)
    raw = unbase64(encoded)
    if raw[0] != kind or len(raw) != 33 or sha256(f"{name}\n".encode() + raw).hexdigest()[:8] != key_id:
        no(f"not a key of type {kind}: {text}")
    return name, bytes.fromhex(key_id), raw[1:]


def holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def read_policy(text: str) -> Policy:
    """Witness keys by name, groups, quorum."""
    witnesses: dict[str, Key] = {}
    groups: dict[str, Group] = {}
    quorum = ""
    for words in (line.split() for line in text.split("\n")):
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            key(words[1], 1)
        elif words[0] == "witness":
            witnesses[words[1]] = key(words[2], 4)
        elif words[0] == "group":
            count = {"any": 1, "all": len(words) - 3}.get(words[2])
            groups[words[1]] = (int(words[2]) if count is None else count, words[3:])
        elif words[0] == "quorum":
            quorum = words[1]
        else:
            no("malformed policy")
    if not quorum:
        no("the policy has no quorum")
    return witnesses, groups, quorum


def enough(groups: dict[str, Group], name: str, cosigned: set[str]) -> bool:
    if name == "none":
        return True
    if name not in groups:
        return name in cosigned
    needed, members = groups[name]
    return sum(enough(groups, each, cosigned) for each in members) >= needed


def checkpoint(note: str, log_key: str, policy: Policy) -> tuple[int, bytes, list[str]]:
    """(size, root, witnesses) of a signed note, once the log's signature and the quorum hold."""
    witnesses, groups, quorum = policy
    body, _, lines = note.rpartition("\n\n")
    text = (body + "\n").encode()
    name, key_id, public = key(log_key, 1)
    signed = False
    cosigned: set[str] = set()
    for line in lines.rstrip("\n").split("\n"):
        dash, signer, encoded = line.split(" ")
        raw = unbase64(encoded)
        if dash != "\u2014":
            no("malformed signature line")
        if (signer, raw[:4]) == (name, key_id):
            signed = holds(public, text, raw[4:])
            if not signed:
                no("the log's signature does not hold")
        for each, (witness, witness_id, witness_key) in witnesses.items():
            if (signer, raw[:4]) == (witness, witness_id):
                at = int.from_bytes(raw[4:12], "big")
                statement = f"cosignature/v1\ntime {at}\n".encode() + text
                if not holds(witness_key, statement, raw[12:]):
                    no(f"the cosignature of {each} does not hold")
                cosigned.add(each)
    origin, size, root = body.split("\n")[:3]
    if not signed or origin != name:
        no("not signed by the log's key")
    if not enough(groups, quorum, cosigned):
        no(f"too few witnesses: {sorted(cosigned)}")
    return int(size), unbase64(root), sorted(cosigned)


def included(given: Any, size: int, root: bytes) -> bytes:
    """Leaf hash of an entry that is in the tree (RFC 9162, 2.1.3.2)."""
    leaf_hash = node = sha256(b"\0" + given["leaf"].encode()).digest()
    at, last = given["index"], size - 1
    if not 0 <= at < size:
        no("index outside the tree")
    for sibling in map(unbase64, given["hashes"]):
        if last == 0 or len(sibling) != 32:
            no("proof too long")
        if at & 1 or at == last:
            node = sha256(b"\1" + sibling + node).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + sibling).digest()
        at, last = at >> 1, last >> 1
    if last or node != root:
        no("an entry is not in the tree")
    return leaf_hash


def names(first: str, more: Any) -> list[str]:
    rest = more if isinstance(more, list) else [more]
    given = [first] + [each for each in rest if isinstance(each, str)]
    return list(dict.fromkeys(n for n in given if n and "\n" not in n and len(n) <= 300))[:16]


def bit(raw: bytes, depth: int) -> int:
    return raw[depth >> 3] >> (7 - (depth & 7)) & 1


def tally(wanted: bytes, given: Any, map_root: bytes) -> tuple[int, bytes]:
    """What the map says of a key: (count, chain)."""
    if given["leaf"] is None:
        if given["way"] or map_root != bytes(32):
            no("the map is not empty")
        return 0, bytes(32)
    other, chain = unbase64(given["leaf"]["key"]), unbase64(given["leaf"]["chain"])
    count = given["leaf"]["count"]
    if len(other) != 32 or len(chain) != 32 or count < 1:
        no("malformed leaf of the map")
    node, below = sha256(b"\0" + other + count.to_bytes(8, "big") + chain).digest(), 256
    for depth, encoded in given["way"]:
        sibling = unbase64(encoded)
        if not 0 <= depth < below or len(sibling) != 32 or not any(sibling):
            no("malformed way through the map")
        if bit(wanted, depth) != bit(other, depth):
            no("the way leaves that of the label")
        left, right = (sibling, node) if bit(other, depth) else (node, sibling)
        node, below = sha256(b"\1" + bytes((depth,)) + left + right).digest(), depth
    if node != map_root:
        no("the way does not lead to the root of the map")
    return (count, chain) if other == wanted else (0, bytes(32))


def read(file: Path) -> tuple[Any, Iterator[Any]]:
    """What the file says, and its entries: one after the other where each has a line of its own."""
    source = file.open(encoding="utf8")
    first = source.readline().rstrip()
    if not first.endswith('"entries": ['):
        source.close()
        given = json.loads(file.read_text("utf8"))
        return given, iter(given.get("entries", []))
    return json.loads(first + "]}"), by_line(source)


def by_line(source: TextIO) -> Iterator[Any]:
    ended = False
    with source:
        for line in (each.strip() for each in source):
            if ended and line:
                no("there is more after its end")
            ended = ended or line == "]}"
            if line and not ended:
                yield json.loads(line.removesuffix(","))
    if not ended:
        no("it has no end")


def complete(given: Any, entries: Iterator[Any], size: int, root: bytes) -> tuple[int, int]:
    """That the entries shown are all that bear the label; returns up to which size of the log, and how many."""
    included(given["map_entry"], size, root)
    fields = json.loads(given["map_entry"]["leaf"])
    if fields["kind"] != "ledger.index" or fields["organisation"]:
        no("not the entry that commits to the map")
    covered = int(fields["payload"]["size"])
    about, by = given["about"], given["by"]
    label = "\n".join((["by", by] if by else []) + (["about", about] if about else []))
    wanted = tally(sha256(label.encode()).digest(), given["map"], bytes.fromhex(fields["payload"]["root"]))
    count, chain, last = given["skipped"], unbase64(given["before"]), -1
    for each in entries:
        leaf_hash, fields = included(each, size, root), json.loads(each["leaf"])
        abouts = names(fields["subject"], fields["payload"].get("about"))
        bys = names(fields["organisation"], fields["payload"].get("by"))
        bys += [n.rpartition(":")[2] for n in bys if n.startswith("urn:hutong:") and ":organisation:" in n]
        if not last < each["index"] < covered or (about and about not in abouts) or (by and by not in bys):
            no(f"entry {each['index']} does not belong here")
        last, count, chain = each["index"], count + 1, sha256(b"\2" + chain + leaf_hash).digest()
    if (count, chain) != wanted:
        no(f"the map counts {wanted[0]} entries, the file shows others or fewer")
    return covered, count - given["skipped"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", required=True)
    parser.add_argument("--policy", type=Path)
    options = parser.parse_args()
    try:
        said = check(options.file, options.key.strip(), options.policy)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        sys.exit(f"DOES NOT HOLD: {type(error).__name__}: {error}")
    sys.stdout.write(f"{said}\n")


def check(file: Path, log_key: str, policy_file: "Path | None") -> str:
    """What the file shows, in words; ValueError and its like when it does not hold."""
    given, entries = read(file)
    policy = policy_file.read_text("utf8") if policy_file else "quorum none"
    size, root, cosigned = checkpoint(given["checkpoint"], log_key, read_policy(policy))
    witnesses = "witnesses: " + (", ".join(cosigned) or "none checked")
    if given["format"] == "hutong-completeness/1":
        (covered, count), skipped = complete(given, entries, size, root), given["skipped"]
        left = f" (the earliest {skipped} left out)" if skipped else ""
        return f"holds: {count} entries, and no others among the first {covered}{left}\n{witnesses}"
    if given["format"] == "hutong-evidence/1":
        included(given, size, root)
        return f"holds: entry {given['index']} of {size}\n{witnesses}"
    no(f"unknown format {given['format']}")


if __name__ == "__main__":
    main()
