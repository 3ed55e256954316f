"""The graphs of DCAT-AP 3.0.1: a page of the catalog, and one dataset. Loaded when somebody first asks for one."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDFS

from hutong.portal import cards, terms, themes
from hutong.portal.models import Package

_EU: Final = "http://publications.europa.eu/resource/authority/"
_VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
_HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")
_AP: Final = Namespace("http://data.europa.eu/r5r/")
_FILE_TYPES: Final = {
    "CSV", "JSON", "GEOJSON", "XLSX", "XML", "PARQUET", "TSV", "PDF", "ZIP", "XLS", "KML", "SHP", "HTML", "TXT",
    "RDF", "JSON_LD", "ODS", "DOCX",
}  # fmt: skip
_RHYTHMS: Final = {
    "realtime": "CONT", "hourly": "HOURLY", "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY",
    "quarterly": "QUARTERLY", "half-yearly": "ANNUAL_2", "yearly": "ANNUAL", "irregular": "IRREG",
}  # fmt: skip


def dataset(base: str, row: Package) -> Graph:
    """One dataset with its distributions."""
    graph = _graph()
    add_dataset(graph, base, row)
    return graph


def page(base: str, number: int, size: int, total: int, ids: tuple[int, ...]) -> Graph:
    graph, said = _graph(), terms.current()
    site = URIRef(f"{base}/open#catalog")
    graph.add((site, RDF.type, DCAT.Catalog))
    _texts(
        graph,
        site,
        DCTERMS.title,
        f"{said.district.zh}开放数据",
        f"Open data of {said.district.en or said.district.zh}",
    )
    _texts(
        graph,
        site,
        DCTERMS.description,
        "本区向社会开放的全部数据集。",
        "All datasets the district has opened.",
    )
    graph.add((site, FOAF.homepage, URIRef(f"{base}/open")))
    graph.add((URIRef(f"{base}/open"), RDF.type, FOAF.Document))
    graph.add((site, DCTERMS.language, _authority(graph, "language/ZHO", DCTERMS.LinguisticSystem)))
    graph.add(
        (site, DCTERMS.publisher, _agent(graph, f"{base}/open#publisher", str(said.district.zh) or "Hutong"))
    )
    scheme = URIRef(f"{_EU}data-theme")
    graph.add((site, DCAT.themeTaxonomy, scheme))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("Data theme", lang="en")))
    if said.licence_url:
        graph.add((site, DCTERMS.license, _licence(graph, said.licence_authority or said.licence_url)))
    for row in Package.objects.filter(pk__in=ids).order_by("pk"):
        graph.add((site, DCAT.dataset, add_dataset(graph, base, row)))
    _pages(graph, base, number, size, total)
    return graph


def _pages(graph: Graph, base: str, number: int, size: int, total: int) -> None:
    last = max(1, -(-total // size))
    here = URIRef(f"{base}/dcat/catalog.ttl?page={number}")
    graph.add((here, RDF.type, _HYDRA.PartialCollectionView))
    graph.add((here, _HYDRA.totalItems, Literal(total)))
    places = {"first": 1, "last": last} | ({"previous": number - 1} if number > 1 else {})
    for name, page in (places | ({"next": number + 1} if number < last else {})).items():
        graph.add((here, _HYDRA[name], URIRef(f"{base}/dcat/catalog.ttl?page={page}")))


def add_dataset(graph: Graph, base: str, row: Package) -> URIRef:
    body = orjson.loads(row.body.replace(cards.SITE, base))
    extras = {each["key"]: each["value"] for each in body["extras"]}
    node = URIRef(f"{base}/open/{row.name}#dataset")
    graph.add((node, RDF.type, DCAT.Dataset))
    _texts(graph, node, DCTERMS.title, body["title"], extras.get("title_en", ""))
    _texts(graph, node, DCTERMS.description, body["notes"] or body["title"], extras.get("notes_en", ""))
    graph.add((node, DCTERMS.identifier, Literal(row.urn)))
    for tag in body["tags"]:
        graph.add((node, DCAT.keyword, Literal(tag["name"], lang="zh")))
    for code in {themes.authority(each["name"]) for each in body["groups"]} - {""}:
        graph.add((node, DCAT.theme, _concept(graph, f"data-theme/{code}")))
    owner = body["organization"] or {"name": "unknown", "title": "—"}
    graph.add(
        (node, DCTERMS.publisher, _agent(graph, f"{base}/id/organisation/{owner['name']}", owner["title"]))
    )
    contact = BNode()
    graph.add((node, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, _VCARD.Kind))
    graph.add((contact, _VCARD.fn, Literal(body.get("maintainer") or owner["title"], lang="zh")))
    if body.get("maintainer_email"):
        graph.add((contact, _VCARD.hasEmail, URIRef(f"mailto:{body['maintainer_email']}")))
    page = URIRef(f"{base}/open/{row.name}")
    graph.add((node, DCAT.landingPage, page))
    graph.add((page, RDF.type, FOAF.Document))
    graph.add((node, DCTERMS.accessRights, _authority(graph, "access-right/PUBLIC", DCTERMS.RightsStatement)))
    graph.add((node, DCTERMS.language, _authority(graph, "language/ZHO", DCTERMS.LinguisticSystem)))
    rhythm = _RHYTHMS.get(row.update)
    if rhythm:
        graph.add(
            (node, DCTERMS.accrualPeriodicity, _authority(graph, f"frequency/{rhythm}", DCTERMS.Frequency))
        )
    graph.add((node, DCTERMS.issued, Literal(row.created_at.date().isoformat(), datatype=XSD.date)))
    graph.add((node, DCTERMS.modified, Literal(row.modified_at.date().isoformat(), datatype=XSD.date)))
    if row.origin == "catalog":
        graph.add((node, DCTERMS.spatial, _authority(graph, "country/CHN", DCTERMS.Location)))
    _period(graph, node, extras)
    for part in body["resources"]:
        if part.get("url"):
            graph.add((node, DCAT.distribution, _distribution(graph, base, part, body)))
    return node


def _period(graph: Graph, node: URIRef, extras: Mapping[str, str]) -> None:
    ends = {DCAT.startDate: extras.get("temporal_start", ""), DCAT.endDate: extras.get("temporal_end", "")}
    if not all(len(each) == 10 for each in ends.values()):
        return
    period = BNode()
    graph.add((node, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    for predicate, day in ends.items():
        graph.add((period, predicate, Literal(day, datatype=XSD.date)))


def _distribution(graph: Graph, base: str, part: Mapping[str, Any], body: Mapping[str, Any]) -> URIRef:
    node = URIRef(f"{base}/open/{body['name']}#distribution-{part['id']}")
    graph.add((node, RDF.type, DCAT.Distribution))
    address = _address(part["url"])
    graph.add((node, DCAT.accessURL, address))
    graph.add((address, RDF.type, RDFS.Resource))
    if part.get("download_url"):
        graph.add((node, DCAT.downloadURL, _address(part["download_url"])))
    graph.add(
        (node, DCTERMS.title, Literal(part.get("name") or part.get("format") or body["title"], lang="zh"))
    )
    known = str(part.get("format") or "").upper().replace("-", "_")
    if known in _FILE_TYPES:
        graph.add(
            (node, DCTERMS["format"], _authority(graph, f"file-type/{known}", DCTERMS.MediaTypeOrExtent))
        )
    media = str(part.get("mimetype") or "")
    if "/" in media and " " not in media:
        kind = URIRef(f"http://www.iana.org/assignments/media-types/{media}")
        graph.add((kind, RDF.type, DCTERMS.MediaType))
        graph.add((node, DCAT.mediaType, kind))
    licence = terms.current().licence_authority or str(body.get("license_url") or "")
    if licence:
        graph.add((node, DCTERMS.license, _licence(graph, licence)))
    rights = URIRef(f"{base}/open/terms")
    graph.add((node, DCTERMS.rights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    graph.add((node, _AP.availability, _concept(graph, "planned-availability/STABLE")))
    return node


def _graph() -> Graph:
    graph = Graph()
    for prefix, space in (("vcard", _VCARD), ("hydra", _HYDRA), ("dcatap", _AP)):
        graph.bind(prefix, space)
    return graph


def _texts(graph: Graph, node: URIRef, predicate: URIRef, zh: str, en: str) -> None:
    graph.add((node, predicate, Literal(zh, lang="zh")))
    if en:
        graph.add((node, predicate, Literal(en, lang="en")))


def _agent(graph: Graph, address: str, name: str) -> URIRef:
    node = URIRef(address)
    graph.add((node, RDF.type, FOAF.Agent))
    graph.add((node, FOAF.name, Literal(name, lang="zh")))
    return node


def _authority(graph: Graph, name: str, kind: URIRef) -> URIRef:
    node = URIRef(_EU + name)
    graph.add((node, RDF.type, kind))
    graph.add((node, SKOS.inScheme, URIRef(_EU + name.partition("/")[0])))
    return node


def _licence(graph: Graph, address: str) -> URIRef:
    node = URIRef(address)
    graph.add((node, RDF.type, DCTERMS.LicenseDocument))
    return node


def _concept(graph: Graph, name: str) -> URIRef:
    node = URIRef(_EU + name)
    graph.add((node, RDF.type, SKOS.Concept))
    graph.add((node, SKOS.prefLabel, Literal(name.rpartition("/")[2], lang="en")))
    graph.add((node, SKOS.inScheme, URIRef(_EU + name.partition("/")[0])))
    return node


def _address(text: str) -> URIRef:
    """An address as an IRI: what must not stand in one is written as its bytes."""
    return URIRef(
        "".join(
            each if each not in '<>"{}|^`\\ ' and each.isprintable() else f"%{ord(each):02X}" for each in text
        )
    )
