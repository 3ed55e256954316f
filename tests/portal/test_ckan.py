"""CKAN's own client, unmodified, against a live server."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import ckanapi
import pytest
from django.test import Client

from hutong.accounts import organisations, people
from hutong.accounts.models import Person
from hutong.accounts.organisations import Facts
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.portal import index, keys, opened, shelf
from hutong.portal.models import Package
from tests.portal import made

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("town"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
OFFICE = "data-bureau"


@pytest.fixture
def office(town, settings) -> Person:
    """Somebody of the data office."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    organisations.apply(
        "beijing-dongcheng",
        [
            Facts(OFFICE, "数据局", "Data Bureau", "bureau"),
            Facts("culture-bureau", "文化局", "Culture Bureau", "bureau"),
        ],
    )
    people.add("zhou", Text("周", "Zhou"), "data_office", OFFICE, "correct horse battery 蓄电池")
    index.forget()
    return people.find("zhou")


@pytest.fixture
def public(live_server) -> ckanapi.RemoteCKAN:
    return ckanapi.RemoteCKAN(live_server.url)


@pytest.fixture
def keyed(live_server, office) -> ckanapi.RemoteCKAN:
    return ckanapi.RemoteCKAN(live_server.url, apikey=keys.make(office.urn, "test"))


def outside(name: str, **more) -> dict:
    return {
        "name": name, "title": f"外部数据 {name}", "notes": "存放在别处的数据", "owner_org": OFFICE,
        "license_id": "CC-BY-4.0", "tags": [{"name": "地铁"}, {"name": "客流"}], "groups": [{"name": "transport"}],
        "resources": [{"name": "a", "url": "https://example.org/a.csv", "format": "csv"}], **more,
    }  # fmt: skip


def test_the_site_and_what_is_listed(public, office):
    assert public.action.site_read() is True
    assert public.action.status_show()["ckan_version"]
    assert public.action.package_list() == ["venues"]
    shown = public.action.package_show(id="venues")
    assert shown["title"] == "文化场所"
    assert shown["organization"]["name"] == "culture-bureau"
    assert {each["format"] for each in shown["resources"]} == {"CSV", "JSON", "PARQUET", "XLSX", "GEOJSON"}
    assert public.action.package_show(id=shown["id"])["name"] == "venues"
    assert [each["name"] for each in public.action.current_package_list_with_resources()] == ["venues"]
    assert public.action.resource_show(id=shown["resources"][0]["id"])["package_id"] == shown["id"]
    text = json.dumps([shown, public.action.package_search()], ensure_ascii=False)
    for hidden in ("keeper", "负责人", "elders", "老年人", "secrets", "要害"):
        assert hidden not in text


def test_get_only(live_server, office):
    reader = ckanapi.RemoteCKAN(live_server.url, get_only=True)
    assert reader.action.package_search(q="文化", rows=1)["count"] == 1


def test_errors_are_what_the_client_maps(public, keyed):
    with pytest.raises(ckanapi.NotFound):
        public.action.package_show(id="elders")
    with pytest.raises(ckanapi.NotFound):
        public.action.datastore_search(resource_id="secrets")
    with pytest.raises(ckanapi.NotAuthorized):
        public.action.package_create(**outside("mine"))
    with pytest.raises(ckanapi.NotAuthorized):
        ckanapi.RemoteCKAN(public.address, apikey="hutong-none").action.package_create(**outside("mine"))
    with pytest.raises(ckanapi.NotAuthorized):
        keyed.action.package_patch(id="venues", title="x")
    with pytest.raises(ckanapi.ValidationError) as wrong:
        keyed.action.package_create(name="Bad Name", owner_org="nobody", resources=[{"url": "javascript:1"}])
    assert set(wrong.value.error_dict) == {"name", "owner_org", "resources", "__type"}
    with pytest.raises(ckanapi.SearchQueryError):
        public.action.package_search(q="nofield:x")
    with pytest.raises(ckanapi.CKANAPIError):
        public.action.datastore_search_sql(sql="SELECT 1")


def test_registering_changing_and_taking_back(public, keyed):
    made_now = keyed.action.package_create(**outside("subway"))
    assert made_now["resources"][0]["format"] == "CSV"
    with pytest.raises(ckanapi.ValidationError):
        keyed.action.package_create(**outside("subway"))
    assert public.action.package_list() == ["subway", "venues"]
    row = Package.objects.get(name="subway")
    assert [each.kind for each in ledger.entries_about(row.urn)] == ["portal.package"]
    patched = keyed.action.package_patch(id="subway", title="地铁客流")
    assert (patched["title"], len(patched["resources"])) == ("地铁客流", 1)
    updated = keyed.action.package_update(**outside("subway", id=made_now["id"], resources=[]))
    assert updated["num_resources"] == 0
    index.forget()
    assert public.action.package_search(q="存放在别处")["count"] == 1
    keyed.action.package_delete(id="subway")
    assert public.action.package_list() == ["venues"]
    with pytest.raises(ckanapi.NotFound):
        public.action.package_show(id="subway")
    assert len(ledger.entries_about(row.urn)) == 4


def test_a_name_and_an_organisation_are_enough(public, keyed):
    made_so = keyed.action.package_create(name="bare", owner_org=OFFICE)
    assert (made_so["license_id"], made_so["isopen"]) == (None, False)
    assert public.action.package_show(id="bare")["title"] == "bare"
    with pytest.raises(ckanapi.ValidationError):
        keyed.action.package_create(name="bare", owner_org=OFFICE)


def test_what_is_private_is_nowhere(public, keyed):
    keyed.action.package_create(**outside("draft-one", private=True))
    assert public.action.package_list() == ["venues"]
    assert public.action.package_search(q="draft-one")["count"] == 0
    assert "客流" not in public.action.tag_list()
    with pytest.raises(ckanapi.NotFound):
        public.action.package_show(id="draft-one")
    assert keyed.action.package_show(id="draft-one")["private"] is True


def test_a_revoked_key_is_nobody(keyed):
    from hutong.portal.models import Key

    keys.revoke(Key.objects.get().digest)
    with pytest.raises(ckanapi.NotAuthorized):
        keyed.action.package_create(**outside("late"))


def test_a_person_who_left_can_do_nothing_with_the_key(keyed):
    people.lock("zhou")
    keys.forget()
    with pytest.raises(ckanapi.NotAuthorized):
        keyed.action.package_create(**outside("late"))


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 3),
        ({"q": "*:*"}, 3),
        ({"q": "客流"}, 2),
        ({"q": "文化"}, 1),
        ({"fq": "organization:data-bureau"}, 2),
        ({"fq": "tags:地铁"}, 2),
        ({"fq": 'tags:"地铁" +groups:transport'}, 2),
        ({"fq": "-groups:transport"}, 1),
        ({"fq": "res_format:(CSV OR XLS)"}, 3),
        ({"fq": "res_format:GeoJSON"}, 1),
        ({"q": "name:b-two"}, 1),
        ({"fq": "state:active"}, 3),
        ({"fq": "state:deleted"}, 0),
        ({"q": "title:b-two"}, 1),
        ({"fq": "metadata_modified:[NOW-1DAYS TO NOW]"}, 3),
        ({"fq": "metadata_modified:[* TO 2001-01-01T00:00:00Z]"}, 0),
        ({"fq_list": ["groups:transport", "name:a-one"]}, 1),
        ({"q": "没有的词"}, 0),
    ],
)
def test_searches(public, keyed, asked: dict, count: int):
    for name in ("a-one", "b-two"):
        keyed.action.package_create(**outside(name))
    found = public.action.package_search(**asked)
    assert found["count"] == count
    assert len(found["results"]) == count


def test_facets_and_orders(public, keyed):
    for name in ("a-one", "b-two"):
        keyed.action.package_create(**outside(name))
    found = public.action.package_search(
        **{"facet.field": ["organization", "tags", "groups"], "sort": "name desc", "rows": 2}
    )
    assert [each["name"] for each in found["results"]] == ["venues", "b-two"]
    assert found["facets"]["organization"] == {OFFICE: 2, "culture-bureau": 1}
    assert found["facets"]["tags"]["地铁"] == 2
    assert found["search_facets"]["organization"]["items"][0]["display_name"] == "数据局"
    assert public.action.organization_show(id=OFFICE)["package_count"] == 2
    assert set(public.action.organization_list()) == {OFFICE, "culture-bureau"}
    assert (
        public.action.group_show(id="transport", include_datasets=True)["packages"][0]["groups"][0]["name"]
        == "transport"
    )
    assert "地铁" in public.action.tag_list()
    assert len(public.action.tag_show(id="地铁", include_datasets=True)["packages"]) == 2
    assert public.action.resource_search(query="name:a")["count"] >= 2
    assert "CC-BY-4.0" in {each["id"] for each in public.action.license_list()}


def test_the_datastore(public, office):
    resource = next(
        each["id"]
        for each in public.action.package_show(id="venues")["resources"]
        if each["datastore_active"]
    )
    found = public.action.datastore_search(resource_id=resource, filters={"kind": "剧场"}, sort="seats desc")
    assert [each["id"] for each in found["records"]] == [1, 3]
    assert found["total"] == 2
    assert [each["id"] for each in found["fields"]][:3] == ["_id", "id", "name"]
    assert "keeper" not in json.dumps(found)
    found = public.action.datastore_search(
        resource_id=resource, filters={"kind": ["书店", "博物馆"]}, fields="id,name"
    )
    assert [each["id"] for each in found["records"]] == [4, 5]
    found = public.action.datastore_search(resource_id=resource, q="图书馆", records_format="lists")
    assert found["records"][0][:3] == [2, 2, "东城图书馆"]
    found = public.action.datastore_search(
        resource_id=resource, fields=["kind"], distinct=True, sort="kind", include_total=False
    )
    assert [each["kind"] for each in found["records"]] == ["书店", "剧场", "博物馆", "图书馆"]
    assert "total" not in found
    text = public.action.datastore_search(resource_id=resource, records_format="csv", limit=3)["records"]
    assert list(csv.reader(io.StringIO(text)))[2][2] == '\'=HYPERLINK("x")'
    assert public.action.datastore_info(id=resource)["meta"]["count"] == 5
    for wrong in (
        {"filters": {"keeper": "x"}},
        {"sort": "phone"},
        {"fields": ["keeper"]},
        {"q": {"phone": "1"}},
    ):
        with pytest.raises(ckanapi.ValidationError):
            public.action.datastore_search(resource_id=resource, **wrong)


def test_the_dump_streams_all_rows(office, monkeypatch):
    from hutong.portal.ckan import dump

    monkeypatch.setattr(dump, "_BATCH", 2)
    read = {
        each: b"".join(Client().get(f"/datastore/dump/venues?format={each}")).decode() for each in dump._MEDIA
    }
    lines = list(csv.reader(io.StringIO(read["csv"])))
    assert lines[0][:3] == ["_id", "id", "name"]
    assert [line[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]
    assert lines[3][2] == '\'=HYPERLINK("x")'
    assert len(json.loads(read["json"])["records"]) == 5
    assert read["xml"].count("<row ") == 5
    assert read["tsv"].count("\t") == 6 * 9
    assert "王某某" not in str(read)
    assert b"".join(Client().get("/datastore/dump/venues?limit=3&bom=true")).count(b"\r\n") == 4
    assert Client().get("/datastore/dump/elders").status_code == 404
    assert Client().get("/datastore/dump/venues?format=exe").status_code == 409


def test_closing_takes_everything_away(public, office):
    assert public.action.package_list() == ["venues"]
    made.catalogue(venues="none")
    opened.forget()
    index.forget()
    assert public.action.package_list() == []
    assert public.action.package_search(**{"facet.field": ["organization", "tags"]})["facets"] == {
        "organization": {},
        "tags": {},
    }
    assert public.action.tag_list() == []
    with pytest.raises(ckanapi.NotFound):
        public.action.package_show(id="venues")


def test_the_command_line_of_ckanapi(live_server, keyed, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    command = [str(Path(sys.executable).with_name("ckanapi"))]
    said = subprocess.run(
        [*command, "action", "package_list", "-r", live_server.url],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert json.loads(said) == ["venues"]
    source = tmp_path / "packages.jsonl"
    source.write_text("\n".join(json.dumps(outside(f"line-{number}")) for number in range(5)), "utf8")
    loaded = subprocess.run(
        [*command, "load", "datasets", "-I", str(source), "-r", live_server.url, "-a", keyed.apikey],
        capture_output=True, check=False, timeout=60, text=True,
    )  # fmt: skip
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    target = tmp_path / "all.jsonl.gz"
    subprocess.run(
        [*command, "dump", "datasets", "--all", "-O", str(target), "-z", "-r", live_server.url],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    lines = gzip.decompress(target.read_bytes()).splitlines()
    names = {json.loads(line)["name"] for line in lines}
    assert names == {"venues", *(f"line-{number}" for number in range(5))}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("package_search", b"{"),
        ("package_search", b"[1]"),
        ("package_search", b'{"rows": "x"}'),
        ("package_search", b'{"q": "((("}'),
        ("package_search", b'{"sort": "evil desc"}'),
        ("package_show", b"{}"),
        ("package_show", b'{"id": {"a": 1}}'),
        ("datastore_search", b'{"resource_id": "venues", "limit": -1}'),
        ("datastore_search", b'{"resource_id": "venues", "filters": {"kind": {"a": 1}}}'),
        ("datastore_search", b'{"resource_id": "venues", "filters": "x"}'),
        ("help_show", b'{"name": "x"}'),
        ("datastore_search", b'{"resource_id": "venues", "filters": {"id": "abc"}}'),
        ("no_such_action", b"{}"),
        ("package_create", b'{"resources": "x", "tags": 5, "extras": [{}], "groups": [1]}'),
        ("tag_show", b'{"id": "\xff"}'),
        ("datastore_search", b'{"resource_id": "venues", "q": {"name": "\\u0000"}}'),
        ("package_list", b'{"limit": [1]}'),
    ],
)
def test_bad_calls_are_told_as_ckan_does(office, path: str, body: bytes):
    token = keys.make(office.urn, "bad")
    answer = Client().post(
        f"/api/3/action/{path}", body, content_type="application/json", headers={"Authorization": token}
    )
    assert 400 <= answer.status_code < 410 or answer.json()["success"], answer.content
    assert answer["Content-Type"].startswith("application/json")


def test_every_answer_has_the_form(office):
    answer = Client().get("/api/3/action/package_show?id=nothing")
    assert answer.status_code == 404
    assert answer.json()["error"] == {"__type": "Not Found Error", "message": "Not found"}
    assert answer.json()["success"] is False
    shelf.forget()
    answer = Client().get("/api/3/action/package_search?facet.field=[%22groups%22]&q=文化")
    assert answer.json()["result"]["facets"] == {"groups": {"culture": 1}}
