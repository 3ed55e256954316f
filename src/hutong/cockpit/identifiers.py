"""Where indicators and observations are looked at."""

from datetime import date

from hutong.indicators import api as indicators
from hutong.kernel.errors import HutongError
from hutong.kernel.urn import Urn, resolver


@resolver("indicator")
def _indicator(urn: Urn) -> str | None:
    return f"/figures/{urn.local}" if urn.local in indicators.definitions() else None


@resolver("observation")
def _observation(urn: Urn) -> str | None:
    parts = urn.local.split("/")
    if len(parts) != 3:
        return None
    try:
        indicators.walk(str(urn))
        date.fromisoformat(parts[1])
    except (HutongError, ValueError):
        return None
    return f"/figures/{parts[0]}/{parts[1]}?run={parts[2]}"
