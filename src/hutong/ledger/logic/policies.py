"""Witness policies: C2SP tlog-policy. Which logs, which witnesses, and how many of them are enough."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hutong.ledger.errors import BadKey, BadPolicy
from hutong.ledger.logic.cosignatures import WitnessKey
from hutong.ledger.logic.notes import VerifierKey

NONE = "none"
_MOST = 32


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by the name the policy gives it; ``url`` is its submission prefix."""

    name: str
    key: WitnessKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``needed`` of ``members``, each a witness or another group."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    logs: tuple[VerifierKey, ...]
    witnesses: tuple[Witness, ...]
    groups: Mapping[str, Group]
    quorum: str

    def enough(self, cosigned: Collection[str]) -> bool:
        """Whether the witnesses of these names make the quorum."""
        return self.quorum == NONE or self._witnessed(self.quorum, set(cosigned))

    def _witnessed(self, name: str, cosigned: set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._witnessed(each, cosigned) for each in group.members) >= group.needed

    def text(self) -> str:
        """The policy without addresses: what it asks, the same wherever the witnesses move."""
        lines = [f"log {each}" for each in self.logs]
        lines += [f"witness {each.name} {each.key}" for each in self.witnesses]
        lines += [
            f"group {name} {each.needed} {' '.join(each.members)}" for name, each in self.groups.items()
        ]
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])


def parse(text: str) -> Policy:
    """BadPolicy, with the line, for anything the specification does not allow."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [each for each in words if each]
        if words and not words[0].startswith("#"):
            try:
                reader.take(words)
            except BadKey as error:
                raise BadPolicy(line=number, reason=error.facts.get("reason", "bad key")) from error
            except ValueError as error:
                raise BadPolicy(line=number, reason=str(error)) from error
    if reader.quorum is None:
        raise BadPolicy(line=0, reason="no quorum")
    return Policy(tuple(reader.logs), tuple(reader.witnesses), reader.groups, reader.quorum)


class _Reader:
    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: list[Witness] = []
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", key]:
                self._log(key)
            case ["log", key, _url]:
                self._log(key)
            case ["witness", name, key]:
                self._witness(name, key, "")
            case ["witness", name, key, url]:
                self._witness(name, key, url)
            case ["group", name, needed, *members] if members:
                self._group(name, needed, members)
            case ["quorum", name] if self.quorum is None:
                if name != NONE and name not in self._names():
                    raise ValueError(f"{name} is not defined above")
                self.quorum = name
            case _:
                raise ValueError("not a line of a policy")
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > _MOST:
            raise ValueError(f"more than {_MOST} of a kind")

    def _names(self) -> set[str]:
        return {each.name for each in self.witnesses} | set(self.groups)

    def _new(self, name: str) -> None:
        if name == NONE or name in self._names():
            raise ValueError(f"the name {name} is taken")

    def _log(self, key: str) -> None:
        found = VerifierKey.parse(key)
        if found.public in {each.public for each in self.logs}:
            raise ValueError("this log is listed twice")
        self.logs.append(found)

    def _witness(self, name: str, key: str, url: str) -> None:
        self._new(name)
        found = WitnessKey.parse(key)
        if found.public in {each.key.public for each in self.witnesses}:
            raise ValueError("this witness is listed twice")
        self.witnesses.append(Witness(name, found, url))

    def _group(self, name: str, needed: str, members: list[str]) -> None:
        self._new(name)
        unknown = [each for each in members if each not in self._names()]
        if unknown or len(set(members)) != len(members) or self._members & set(members):
            raise ValueError("a member is not defined above, or is a member already")
        count = {"any": 1, "all": len(members)}.get(needed)
        if count is None:
            count = int(needed) if needed.isascii() and needed.isdigit() else 0
        if not 1 <= count <= len(members):
            raise ValueError("a group asks k of its n members, 1 ≤ k ≤ n")
        self._members |= set(members)
        self.groups[name] = Group(count, tuple(members))
