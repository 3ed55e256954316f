"""Joint runs for programs: write one side down, start it, see how far it is and what came out, stop it."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from hutong.accounts.api import Target, current, may, requires
from hutong.exchange.api import contracts
from hutong.exchange.errors import NoSuchContract
from hutong.exchange.types import ContractRef
from hutong.kernel.errors import Place
from hutong.privacy import doors, reading, runs, side_form, side_pages, sides, starts
from hutong.privacy.errors import BadMatch
from hutong.privacy.schemas import DoorsOut, Line, MatchesOut, Name, Number, SideOut, SidesOut, Word
from hutong.privacy.types import Side, StartRef

router = Router()
Told = dict[str, Any]


class AgreedIn(Schema):
    """What both sides of a run mean alike, and this side's limits. ``start`` false: it is written down alone."""

    organisation: Annotated[Word, Field(description="in whose name; your own party of the contract")] = ""
    run: Annotated[Word, Field(description="its name, the same on both sides")]
    column: Annotated[Word, Field(description="of the dataset, to be summed; empty: the intersection")] = ""
    epsilon: Number = "0.1"
    purpose: Word = ""
    key: Annotated[Word, Field(description="column of keys, of the table or the file")]
    own: Annotated[Word, Field(description="where to listen, of those allowed; empty: the first free")] = ""
    peer: Annotated[Word, Field(description="where the other side is, of those allowed")] = ""
    seconds: Annotated[int, Field(ge=1, le=3600)] = 600
    wait: Annotated[int, Field(ge=1, le=3600)] = 120
    start: bool = True

    def side(self, contract: str, organisation: str, **more: Any) -> Side:
        return Side(
            contract=contract, organisation=organisation, run=self.run.strip(), key=self.key, column=self.column,
            epsilon=reading.decimal(self.epsilon, "epsilon"), purpose=self.purpose, own=self.own, peer=self.peer,
            seconds=self.seconds, wait=self.wait, **more,
        )  # fmt: skip


class TableIn(AgreedIn):
    """A side whose keys are of a table of the lake. ``where``: conditions as column:comparison:value; the provider's
    say which rows take part, a sum's consumer chooses rows by them.
    """

    table: Word
    where: list[Line] = Field(default_factory=list, max_length=20)


class SideFileIn(AgreedIn):
    """A side whose keys are of a file. ``value``: the file's column of values, or of 0 and 1 for the choice."""

    value: Word = ""


@router.get(
    "/contracts/{contract}/doors",
    response=DoorsOut,
    summary="What a side of a joint run may choose from: parties, addresses, columns",
)
@requires("privacy.ask")
def choices(request: HttpRequest, contract: Name) -> Told:
    found = contracts.contract_of(contract)
    mine = _parties(request, found)
    return {
        "engine": side_pages.engine() is None,
        "sides": mine,
        "own": doors.listening(),
        "peers": {each: doors.peers(each) for each in (found.provider, found.consumer) if each not in mine},
        "columns": side_form.summable(found),
    }


@router.post(
    "/contracts/{contract}/sides",
    response=SideOut,
    summary="Write down one side of a joint run over a table of the lake, and start it",
)
@requires("privacy.ask")
def of_table(request: HttpRequest, contract: Name, asked: TableIn) -> Told:
    side = asked.side(
        *_named(request, contract, asked.organisation), table=asked.table, where=tuple(asked.where)
    )
    return _made(request, side, None, start=asked.start)


@router.post(
    "/contracts/{contract}/sides/file",
    response=SideOut,
    summary="Write down one side of a joint run over a CSV file, and start it",
)
@requires("privacy.ask")
def of_file(
    request: HttpRequest,
    contract: Name,
    asked: Annotated[SideFileIn, Form()],
    file: Annotated[UploadedFile, File()],
) -> Told:
    side = asked.side(*_named(request, contract, asked.organisation), value=asked.value)
    return _made(request, side, file, start=asked.start)


@router.get(
    "/contracts/{contract}/sides",
    response=SidesOut,
    summary="Sides written down in one's own name, newest first",
)
@requires("privacy.ask")
def written(
    request: HttpRequest, contract: Name, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, list[Told]]:
    found = contracts.contract_of(contract)
    return {"sides": [told(each) for each in sides.listed([found.id], _parties(request, found), limit)]}


@router.get(
    "/contracts/{contract}/runs",
    response=MatchesOut,
    summary="Joint runs on record of both sides, newest first; what came out to the side it is of",
)
@requires("privacy.view")
def made(
    request: HttpRequest,
    contract: Name,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, list[Told]]:
    actor, found = current(request), contracts.contract_of(contract)
    both = (found.consumer, found.provider)
    if not any(may(actor, "privacy.view", Target(each, kind="privacy")) for each in both):
        raise NoSuchContract(name=contract[:80])
    seen = frozenset(side_pages.parties(actor, found))
    rows = runs.listed(contract=found.id, seen_by=seen, limit=limit, offset=offset)
    return {"runs": [runs.plain(each) for each in rows]}


@router.get("/sides/{side}", response=SideOut, summary="How far a side is, and what came out or went wrong")
@requires("privacy.view")
def side(request: HttpRequest, side: Name) -> Told:
    return told(sides.of(current(request), side))


@router.post("/sides/{side}/start", response=SideOut, summary="Start a side that is ready or came to nothing")
@requires("privacy.ask")
def start(request: HttpRequest, side: Name) -> Told:
    sides.of(current(request), side)
    return told(starts.begin(current(request), side))


@router.post("/sides/{side}/stop", response=SideOut, summary="Stop a side that waits or is at work")
@requires("privacy.ask")
def stop(request: HttpRequest, side: Name) -> Told:
    sides.of(current(request), side)
    return told(starts.stop(current(request), side))


@router.delete("/sides/{side}", response=SideOut, summary="Take away what was written down, with its rows")
@requires("privacy.ask")
def drop(request: HttpRequest, side: Name) -> Told:
    sides.of(current(request), side)
    return told(starts.drop(current(request), side))


def told(found: StartRef) -> Told:
    side = found.side
    return {
        "id": found.id, "contract": side.contract, "organisation": side.organisation,
        "role": "provider" if found.provider else "consumer", "run": side.run, "stage": found.stage.value,
        "stopping": found.stopping, "attempt": found.attempt, "at": found.at.isoformat(),
        "begun": found.begun.isoformat() if found.begun else None, "table": side.table, "file": found.file,
        "key": side.key, "value": side.value, "where": list(side.where), "column": side.column,
        "epsilon": str(side.epsilon), "purpose": side.purpose, "own": found.own, "peer": found.peer,
        "here": found.here, "seconds": side.seconds, "wait": side.wait, "error": found.error,
        "result": runs.plain(found.result) if found.result else None,
    }  # fmt: skip


def _made(request: HttpRequest, side: Side, file: UploadedFile | None, *, start: bool) -> Told:
    """A side that cannot be started is not written down either."""
    return told(starts.prepare(current(request), side, file, start=start))


def _parties(request: HttpRequest, found: ContractRef) -> list[str]:
    mine = side_pages.parties(current(request), found)
    if not mine:
        raise NoSuchContract(name=found.id)
    return mine


def _named(request: HttpRequest, contract: str, organisation: str) -> tuple[str, str]:
    """Contract and party: the one that was named, else the only one."""
    found = contracts.contract_of(contract)
    mine = _parties(request, found)
    if organisation not in {*mine, ""} or (not organisation and len(mine) > 1):
        raise BadMatch(
            place=Place(key="organisation"), reason_zh=f"须写明本方：{', '.join(mine)}",
            reason_en=f"name your side: {', '.join(mine)}",
        )  # fmt: skip
    return found.id, organisation or mine[0]
