"""Datasets that live elsewhere and are registered here are found from the catalog as well."""

from collections.abc import Mapping
from urllib.parse import urlencode

from hutong.catalog import api as catalog
from hutong.catalog.api import Beside, BesideItem
from hutong.kernel.text import Text

_TITLE = Text(zh="在此登记、存放在别处的数据集", en="Datasets registered here that are kept elsewhere")


def find(query: str, chosen: Mapping[str, str]) -> Beside:
    """Those that fit, the best first."""
    from hutong.portal import shelf  # noqa: PLC0415 - models load after the apps
    from hutong.portal.ckan.reading import bodies  # noqa: PLC0415 - as above

    kept = {name: value for name, value in chosen.items() if value}
    must = (("origin", ("registered",)), *((name, (value,)) for name, value in kept.items()))
    found = shelf.search(shelf.Asked(words=query, must=must, limit=catalog.BESIDE_MOST))
    items = tuple(
        BesideItem(Text(zh=row.title, en=""), f"/open/{row.name}", row.organisation)
        for row in bodies(found.ids)
    )
    asked = {"origin": "registered", **({"q": query} if query else {}), **kept}
    return Beside(_TITLE, f"/open?{urlencode(asked)}", found.total, items)


catalog.provide_beside(find)
