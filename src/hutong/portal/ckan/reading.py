"""Actions that read: packages, organisations, groups, tags, resources, licences."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import orjson

from hutong import __version__
from hutong.accounts.api import Actor, OrganisationRef, may, organisations
from hutong.portal import cards, index, shelf, terms, themes
from hutong.portal.ckan import asked as read
from hutong.portal.ckan import search as solr
from hutong.portal.ckan.asked import Data
from hutong.portal.ckan.errors import Denied, Missing, Unfit
from hutong.portal.models import Package, Resource
from hutong.portal.shelf import Asked

Action = Callable[[Actor, Data], Any]
READ: Final[dict[str, Action]] = {}
_MOST: Final = 1_000
_MOST_NAMES: Final = 200_000


def action(function: Action) -> Action:
    """An action called as the function."""
    READ[function.__name__] = function
    return function


def fragment(row: Package) -> orjson.Fragment:
    """A package as it is kept."""
    return orjson.Fragment(row.body)


def bodies(ids: Iterable[int]) -> list[Package]:
    """Packages in the order of ``ids``."""
    wanted = list(ids)
    found = {row.pk: row for row in Package.objects.filter(pk__in=wanted)}
    return [found[each] for each in wanted if each in found]


def package_of(actor: Actor, text: str) -> Package:
    """A package by name or id; what is not listed is there only for those who publish."""
    index.follow()
    row = Package.objects.filter(uuid=text).first() or Package.objects.filter(name=text).first()
    if row is None or not (row.listed or (row.origin == "registered" and may(actor, "portal.publish"))):
        raise Missing
    return row


@action
def site_read(_actor: Actor, _data: Data) -> bool:
    """Return true: the site may be read by everyone."""
    return True


@action
def status_show(_actor: Actor, _data: Data) -> dict[str, Any]:
    """Return what this site is."""
    said = terms.current()
    return {
        "ckan_version": "2.10.0",
        "site_url": cards.SITE,
        "site_title": str(said.district.zh),
        "site_description": "",
        "error_emails_to": None,
        "locale_default": "zh_Hans_CN",
        "extensions": ["datastore"],
        "hutong_version": __version__,
    }


@action
def package_list(_actor: Actor, data: Data) -> list[str]:
    """Return the names of all datasets."""
    offset = read.number(data, "offset", 0, _MOST_NAMES)
    limit = read.number(data, "limit", _MOST_NAMES, _MOST_NAMES)
    return shelf.names()[offset : offset + limit]


@action
def package_show(actor: Actor, data: Data) -> orjson.Fragment:
    """Return a dataset by its id or name."""
    return fragment(package_of(actor, read.text(data, "id") or read.needed(data, "name_or_id")))


@action
def current_package_list_with_resources(_actor: Actor, data: Data) -> list[orjson.Fragment]:
    """Return datasets with their resources, the newest first."""
    found = shelf.search(
        Asked(offset=read.number(data, "offset", 0, 10**9), limit=read.number(data, "limit", _MOST, _MOST))
    )
    return [fragment(row) for row in bodies(found.ids)]


@action
def package_search(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return datasets that fit a search, and counts of facets."""
    names = (
        [str(each) for each in read.listing(data, "facet.field")] if read.flag(data, "facet", True) else []
    )
    facets = tuple(dict.fromkeys(solr.FACETS[each] for each in names if each in solr.FACETS))
    filters = [read.text(data, "fq"), *(str(each) for each in read.listing(data, "fq_list"))]
    sort = read.text(data, "sort")
    asked = solr.read(
        read.text(data, "q", "*:*").replace("*:*", ""),
        [each.replace("*:*", "") for each in filters],
        sort=solr.sorting(sort),
        offset=read.number(data, "start", 0, 10**9),
        limit=read.number(data, "rows", 10, _MOST),
        facets=facets,
    )
    found = shelf.search(_by_name(asked)) if asked else shelf.Listed(0, (), {each: {} for each in facets})
    limit = read.number(data, "facet.limit", 50, _MOST)
    counted = {
        name: dict(list(found.facets[solr.FACETS[name]].items())[: limit or None])
        for name in names
        if name in solr.FACETS
    }
    return {
        "count": found.total,
        "facets": counted,
        "search_facets": {name: _facet(name, values) for name, values in counted.items()},
        "results": [fragment(row) for row in bodies(found.ids)],
        "sort": sort or "score desc, metadata_modified desc",
    }


@action
def package_autocomplete(_actor: Actor, data: Data) -> list[dict[str, str]]:
    """Return names of datasets that begin like this."""
    found = shelf.search(Asked(words=read.needed(data, "q"), limit=read.number(data, "limit", 10, 100)))
    return [
        {"name": row.name, "title": row.title, "match_field": "title", "match_displayed": row.title}
        for row in bodies(found.ids)
    ]


@action
def resource_show(actor: Actor, data: Data) -> dict[str, Any]:
    """Return a resource by its id."""
    wanted = read.needed(data, "id")
    kept = Resource.objects.filter(uuid=wanted).select_related("package").first()
    if kept is None:
        raise Missing
    package_of(actor, kept.package.name)
    return next(each for each in orjson.loads(kept.package.body)["resources"] if each["id"] == wanted)


@action
def resource_search(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return resources of which a field holds a text: ``query`` is ``field:text``."""
    asked = data.get("query")
    queries = [str(each) for each in (asked if isinstance(asked, list) else [asked] if asked else [])]
    if not queries:
        raise Unfit({"query": ["Missing value"]})
    pairs = [each.partition(":") for each in queries]
    if any(not mark for _, mark, _ in pairs) or any(name not in _SEARCHED for name, _, _ in pairs):
        raise Unfit({"query": [f"Must be <field>:<value> with a field of {', '.join(sorted(_SEARCHED))}"]})
    offset, limit = read.number(data, "offset", 0, 10**6), read.number(data, "limit", 100, _MOST)
    found, total = [], 0
    for row in Package.objects.filter(listed=True).only("body").iterator(500):
        for each in orjson.loads(row.body)["resources"]:
            if all(text.casefold() in str(each.get(name) or "").casefold() for name, _, text in pairs):
                total += 1
                if offset < total <= offset + limit:
                    found.append(each)
    return {"count": total, "results": found}


_SEARCHED: Final = {"name", "description", "format", "url", "mimetype", "hash", "id", "package_id"}


@action
def organization_list(_actor: Actor, data: Data) -> list[Any]:
    """Return organisations: their names, or all about them with ``all_fields``."""
    return _page(data, [(each.id, partial(_organisation, each)) for each in organisations()])


@action
def organization_show(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return an organisation by its id or name."""
    found = cards.organisation_named(read.needed(data, "id"))
    if found is None:
        raise Missing
    body = _organisation(found)
    if read.flag(data, "include_datasets", False):
        body["packages"] = _packages("organisation", found.id)
    return body


@action
def group_list(_actor: Actor, data: Data) -> list[Any]:
    """Return groups (themes): their names, or all about them with ``all_fields``."""
    known = dict.fromkeys([*shelf.counts("theme"), *themes.names()])
    return _page(data, [(each, partial(_group, each)) for each in sorted(known)])


@action
def group_show(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return a group (theme) by its id or name."""
    wanted = read.needed(data, "id")
    known = {*shelf.counts("theme"), *themes.names()}
    name = (
        wanted
        if wanted in known
        else next((each for each in known if cards.identify("theme", each) == wanted), "")
    )
    if not name:
        raise Missing
    body = _group(name)
    if read.flag(data, "include_datasets", False):
        body["packages"] = _packages("theme", name)
    return body


@action
def tag_list(_actor: Actor, data: Data) -> list[Any]:
    """Return tags that hold a text."""
    wanted = read.text(data, "query").casefold()
    names = sorted(each for each in shelf.counts("tag") if wanted in each.casefold())
    return [_tag(each) for each in names] if read.flag(data, "all_fields", False) else names


@action
def tag_show(_actor: Actor, data: Data) -> dict[str, Any]:
    """Return a tag by its id or name."""
    wanted = read.needed(data, "id")
    name = next((each for each in shelf.counts("tag") if wanted in (each, cards.identify("tag", each))), "")
    if not name:
        raise Missing
    body = _tag(name)
    if read.flag(data, "include_datasets", False):
        body["packages"] = _packages("tag", name)
    return body


@action
def license_list(_actor: Actor, _data: Data) -> list[dict[str, Any]]:
    """Return licences under which data may be registered."""
    said = terms.current()
    known = {said.licence: (str(said.licence_title.zh), said.licence_url)} | _LICENCES
    return [
        {
            "id": name, "title": title, "url": url, "status": "active", "family": "", "maintainer": "",
            "is_generic": False, "is_okd_compliant": name != "notspecified", "is_osi_compliant": False,
            "domain_content": False, "domain_data": True, "domain_software": False,
            "od_conformance": "approved", "osd_conformance": "not reviewed",
        }
        for name, (title, url) in known.items()
    ]  # fmt: skip


_LICENCES: Final = {
    "CC-BY-4.0": ("知识共享 署名 4.0 国际", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0 通用", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-BY-1.0": ("开放数据共用 署名许可", "https://opendatacommons.org/licenses/by/1-0/"),
    "notspecified": ("未指定", ""),
}


def _by_name(asked: Asked) -> Asked:
    """Names of packages may be given by their ids, organisations by CKAN's ids."""
    from dataclasses import replace  # noqa: PLC0415 - here alone

    def known(facet: str, values: tuple[str, ...]) -> tuple[str, ...]:
        if facet == "name":
            rows = Package.objects.filter(uuid__in=values[:100]).values_list("name", flat=True)
            return (*values, *rows)
        if facet == "organisation":
            found = [cards.organisation_named(each) for each in values[:100]]
            return (*values, *(each.id for each in found if each))
        return values

    return replace(asked, must=tuple((facet, known(facet, values)) for facet, values in asked.must))


def _facet(name: str, values: dict[str, int]) -> dict[str, Any]:
    def shown(value: str) -> str:
        if name in {"organization", "owner_org"}:
            found = cards.organisation_named(value)
            return str(found.title.zh) if found else value
        return str(themes.title(value).zh) if name == "groups" else value

    items = [{"name": value, "display_name": shown(value), "count": count} for value, count in values.items()]
    return {"title": name, "items": items}


def _page(data: Data, known: list[tuple[str, Callable[[], dict[str, Any]]]]) -> list[Any]:
    wanted = {str(each) for each in read.listing(data, "groups") + read.listing(data, "organizations")}
    offset, limit = read.number(data, "offset", 0, 10**6), read.number(data, "limit", _MOST, _MOST)
    kept = [each for each in known if not wanted or each[0] in wanted][offset : offset + limit]
    full = read.flag(data, "all_fields", False)
    return [make() if full else name for name, make in kept]


def _organisation(found: OrganisationRef) -> dict[str, Any]:
    body = cards.organisation_body(found)
    return {
        **body, "display_name": body["title"], "image_display_url": "", "num_followers": 0, "users": [], "tags": [],
        "groups": [], "extras": [], "package_count": shelf.counts("organisation").get(found.id, 0),
    }  # fmt: skip


def _group(name: str) -> dict[str, Any]:
    return {
        **cards.group_body(name), "type": "group", "image_url": "", "is_organization": False, "state": "active",
        "approval_status": "approved", "created": "2021-01-01T00:00:00.000000", "num_followers": 0, "users": [],
        "tags": [], "groups": [], "extras": [], "package_count": shelf.counts("theme").get(name, 0),
    }  # fmt: skip


def _tag(name: str) -> dict[str, Any]:
    return {"id": cards.identify("tag", name), "name": name, "display_name": name, "vocabulary_id": None}


def _packages(facet: str, value: str) -> list[orjson.Fragment]:
    found = shelf.search(Asked(must=((facet, (value,)),), limit=_MOST))
    return [fragment(row) for row in bodies(found.ids)]


def refuse(actor: Actor, wanted: str) -> None:
    """Go on only if the caller may; raises ``Denied`` as CKAN words it."""
    if not may(actor, wanted):
        who = actor.urn if actor.is_authenticated else ""
        raise Denied(
            f"User {who} not authorized to do this" if who else "Action requires an authenticated user"
        )
