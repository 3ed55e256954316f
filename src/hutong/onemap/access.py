"""What decides whether someone may see a layer: the dataset it shows."""

from django.http import HttpRequest

from hutong.accounts.api import Actor, Target, allow, current, may
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
    return tuple(each for each in layers if may(actor, "map.view", target(each)))


def check(request: HttpRequest, layer: Layer) -> None:
    """Go on only if whoever asks may see ``layer``; raises ``Refused``."""
    allow(current(request), "map.view", target(layer))
