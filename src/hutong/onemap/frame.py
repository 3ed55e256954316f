"""The map's place in the navigation, and where its identifiers lead."""

from django.utils.translation import gettext_lazy

from hutong.kernel.urn import Urn, resolver
from hutong.ui.api import Entry, declare

declare(Entry(key="map", url="/map", label=gettext_lazy("Map"), action="map.view", order=20))


@resolver("layer")
def _page_of(urn: Urn) -> str | None:
    """A layer, or one of its features: ``layer:stations/AQ01``."""
    layer, _, key = urn.local.partition("/")
    return f"/map?layers={layer}" + (f"&feature={layer}/{key}" if key else "")
