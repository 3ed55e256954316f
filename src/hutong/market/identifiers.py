"""Where modules, subscriptions and models are shown, and what the log can re-check of models."""

from collections.abc import Iterable

from hutong.kernel.given import counted
from hutong.kernel.settings import home
from hutong.kernel.urn import Urn, resolver
from hutong.ledger import api as ledger
from hutong.ledger.types import Entry, Fault, FileManifest


@resolver("module")
def _module(urn: Urn) -> str | None:
    from hutong.market import shelf  # noqa: PLC0415 - models and packs load after the apps

    return f"/market/modules/{urn.local}" if urn.local in shelf.modules() else None


@resolver("market-subscription")
def _subscription(urn: Urn) -> str | None:
    return f"/market/subscriptions/{urn.local}"


@resolver("market-model")
def _model(urn: Urn) -> str | None:
    from hutong.market.models import TrainingRow  # noqa: PLC0415 - models and packs load after the apps

    name, _stroke, text = urn.local.partition("/")
    number = counted(text, 10**9)
    there = number is not None and TrainingRow.objects.filter(module=name, number=number).exists()
    return f"/market/modules/{name}/models/{number}" if there else None


def verify_model(entry: Entry) -> Iterable[Fault]:
    """The file of a learned model, byte by byte."""
    folder = home() / "market" / "models" / str(entry.payload["module"])
    manifest = FileManifest.from_dict(entry.payload["file"])
    yield from ledger.check_file(manifest, folder / manifest.path)


ledger.register_evidence("market.model", verify_model)
