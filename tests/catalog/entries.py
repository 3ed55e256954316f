"""A small catalog that holds all it has to, for tests that edit it."""

from typing import Any

from django.test import Client

from hutong.accounts import people
from hutong.accounts.models import Organisation
from hutong.accounts.types import Role
from hutong.catalog import following
from hutong.catalog.editing import draft_of
from hutong.catalog.types import Kind
from hutong.kernel.text import Text

DUTY = "urn:hutong:beijing-dongcheng:duty:eco/air"
DATASET = "urn:hutong:beijing-dongcheng:dataset:air-hourly"
SYSTEM = "urn:hutong:beijing-dongcheng:system:net"
BODIES: dict[str, dict[str, Any]] = {
    DUTY: {
        "id": "air",
        "organisation": "eco",
        "title": {"zh": "监测空气", "en": "Monitor air"},
        "basis": [{"title": {"zh": "大气污染防治法", "en": "Air law"}, "article": "第二十三条"}],
    },
    DATASET: {
        "id": "air-hourly",
        "title": {"zh": "空气小时值", "en": "Air, hourly"},
        "summary": {"zh": "六个站点", "en": "Six stations"},
        "provider": "eco",
        "duty": "eco/air",
        "code": "303001/000002",
        "grade": "general-1",
        "sharing": {"kind": "unconditional"},
        "opening": {"kind": "open"},
        "update": "hourly",
        "table": {"columns": {"pm25": {"type": "float"}}},
    },
    SYSTEM: {
        "id": "net",
        "title": {"zh": "大气监测网络", "en": "Air network"},
        "capability": "B4",
        "owner": "eco",
        "state": "running",
        "reference": "x",
    },
}
KINDS = {DUTY: Kind.DUTY, DATASET: Kind.DATASET, SYSTEM: Kind.SYSTEM}


def fill(*organisations: str) -> None:
    """Organisations and one entry of each kind."""
    for each in ("eco", *organisations):
        urn = f"urn:hutong:beijing-dongcheng:organisation:{each}"
        Organisation.objects.create(id=each, urn=urn, title_zh=f"{each}局", title_en=each, kind="bureau")
    for urn, body in BODIES.items():
        following.put_all(KINDS[urn], [draft_of(KINDS[urn], urn, body)])


def client(login: str, role: Role, organisation: str = "eco") -> Client:
    """Somebody signed in."""
    people.add(login, Text("某", "Somebody"), role, organisation)
    made = Client(HTTP_ACCEPT="text/html")
    made.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
    return made
