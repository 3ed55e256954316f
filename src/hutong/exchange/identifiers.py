"""Where requests, contracts, link groups and issues are shown."""

from hutong.kernel.urn import Urn, resolver


@resolver("exchange-request")
def _request(urn: Urn) -> str | None:
    return f"/exchange/requests/{urn.local}"


@resolver("exchange-contract")
def _contract(urn: Urn) -> str | None:
    return f"/exchange/contracts/{urn.local}"


@resolver("exchange-issue")
def _issue(urn: Urn) -> str | None:
    return f"/exchange/issues/{urn.local}"


@resolver("exchange-link")
def _link(urn: Urn) -> str | None:
    return f"/exchange/links/{urn.local}"
