"""What decides whether someone may see a layer: the dataset it shows."""

from django.http import HttpRequest

from hutong.accounts.api import Actor, Target, allow, current, may
from hutong.kernel.errors import NotFound
from hutong.lake import api as lake
from hutong.lake.types import MaskKind
from hutong.onemap.types import Layer
from hutong.packs.api import installed


def target(layer: Layer) -> Target:
    """The layer's dataset: who answers for it, its grade, whether it is open to the public."""
    item = installed().find("datasets", layer.table)
    if item is None:
        return Target(kind="layer")
    dataset = item.value
    return Target(
        organisation=dataset.provider,
        grade=dataset.grade,
        kind="layer",
        public=dataset.opening.kind == "open",
    )


def visible(actor: Actor, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers ``actor`` may see."""
    return tuple(
        each for each in layers if all(may(actor, action, target(each)) for action in _actions(each))
    )


def check(request: HttpRequest, layer: Layer) -> None:
    """Go on only if whoever asks may see ``layer``; raises ``Refused``."""
    for action in _actions(layer):
        allow(current(request), action, target(layer))


def _actions(layer: Layer) -> tuple[str, ...]:
    """Each mark of a table about people is one person: such a layer is for those who may see its rows unmasked."""
    item = installed().find("datasets", layer.table)
    people = item is not None and item.value.opening.kind != "open" and _personal(layer.table)
    return ("map.view", "lake.sample_clear") if people else ("map.view",)


def _personal(table: str) -> bool:
    try:
        columns = lake.contract(table).columns
    except NotFound:
        return False
    return any(lake.sample_mask(each).kind is not MaskKind.KEEP for each in columns)
