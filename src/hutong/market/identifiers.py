"""Where modules and subscriptions are shown."""

from hutong.kernel.urn import Urn, resolver


@resolver("module")
def _module(urn: Urn) -> str | None:
    from hutong.market import shelf  # noqa: PLC0415 - models and packs load after the apps

    return f"/market/modules/{urn.local}" if urn.local in shelf.modules() else None


@resolver("market-subscription")
def _subscription(urn: Urn) -> str | None:
    return f"/market/subscriptions/{urn.local}"
