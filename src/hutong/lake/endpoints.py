"""The lake for programs: tables, snapshots, quality, loads and quarantined rows as JSON under ``/api/lake``."""

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.lake import access, api
from hutong.lake.schemas import LoadOut, QualityOut, QuarantineOut, SnapshotOut, TableOut

router = Router(tags=["lake"])
_FURTHEST: Final = 10**9  # rows of one load


@router.get("/tables", response=list[TableOut], summary="Every table one may see and its newest snapshot")
@requires("lake.view")
def tables(request: HttpRequest) -> list[dict[str, Any]]:
    actor = current(request)
    allow(actor, "lake.view", Target(kind="lake", public=True))
    return [asdict(each) for each in api.tables() if may(actor, "lake.view", access.target(each.table))]


@router.get(
    "/tables/{table}/snapshots", response=list[SnapshotOut], summary="The snapshots of a table, newest first"
)
@requires("lake.view")
def snapshots(request: HttpRequest, table: str) -> list[dict[str, Any]]:
    allow(current(request), "lake.view", access.target(api.contract(table).table))
    return [asdict(each) for each in api.snapshots(table)]


@router.get(
    "/snapshots/{urn}/quality", response=QualityOut, summary="Score per dimension and every defect counted"
)
@requires("lake.view")
def quality(request: HttpRequest, urn: str) -> dict[str, Any]:
    allow(current(request), "lake.view", access.target(api.snapshot(urn).table))
    return asdict(api.quality(urn))


@router.get("/loads/{load_id}", response=LoadOut, summary="What a load did")
@requires("lake.view")
def load(request: HttpRequest, load_id: str) -> dict[str, Any]:
    found = api.load_of(load_id)
    allow(current(request), "lake.view", access.target(found.table))
    return asdict(found)


@router.get(
    "/loads/{load_id}/quarantine",
    response=QuarantineOut,
    summary="Rows that a load put aside, with their reasons",
)
@requires("lake.quarantine")
def quarantine(request: HttpRequest, load_id: str, offset: int = 0, limit: int = 100) -> dict[str, Any]:
    allow(current(request), "lake.quarantine", access.target(api.load_of(load_id).table))
    return asdict(
        api.quarantine(load_id, offset=min(max(offset, 0), _FURTHEST), limit=min(max(limit, 1), 1000))
    )
