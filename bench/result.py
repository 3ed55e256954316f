"""One measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A figure beside its target. ``met`` is None where there is no target.

    ``value`` is a median; ``peer`` says what the same run measured of the peer.
    """

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    peer: str = ""

    def line(self) -> str:
        mark = {True: "✓", False: "✗", None: " "}[self.met]
        return (
            f"{mark} {self.what}: {self.value:,.3g} {self.unit}"
            + (f" (target {self.target})" if self.target else "")
            + (f" — {self.peer}" if self.peer else "")
        )

    def row(self) -> str:
        return f"| {self.what} | {self.value:,.3g} {self.unit} | {self.target} | {self.peer} |\n"
