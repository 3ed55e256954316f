"""A call: who asks, whether it fits, what it costs, the work, and the line in the book."""

import time
from typing import Any, Final

from pydantic import ValidationError

from hutong.accounts.api import Actor, Target, allow
from hutong.kernel.errors import HutongError
from hutong.market import areas, metering, runner, subscriptions, training
from hutong.market.errors import BadInput, Crashed, ModelSpoilt, NoKey, NotInstalled, TooMuch, Unfit
from hutong.market.logic import breaches
from hutong.market.manifests import shapes
from hutong.market.types import Answer, Holder, Left, Manifest, Module

TRY_DAY: Final = 200
TRY_MONTH: Final = 2000


_TOLD: Final[dict[str, type[HutongError]]] = {
    each.code: each for each in (Unfit, NotInstalled, Crashed, ModelSpoilt)
}


def holder(actor: Actor, token: str, module: Module) -> Holder:
    """Whom the call counts for: the key's subscription, else the person signed in who tries."""
    if token:
        return subscriptions.holder_of_key(token, module.id)
    if not actor.is_authenticated:
        raise NoKey
    allow(actor, "market.try", Target(actor.organisation))
    return Holder(f"try:{actor.urn}", module.id, TRY_DAY, TRY_MONTH, organisation=actor.organisation)


def call(module: Module, who: Holder, given: Any, size: int, mode: str = "call") -> Answer:
    """Check, count, run and note; whatever goes wrong is an error with a code, and is in the book too."""
    checked = check(module.manifest, given, size)
    items = counted(module.manifest, checked)
    left = metering.take(who, items)
    return work(module.manifest, who, checked, (items, size, left), mode)


def check(manifest: Manifest, given: Any, size: int) -> dict[str, Any]:
    """The input as the module's shape has it; raises ``BadInput`` or ``TooMuch``."""
    if size > manifest.limits.bytes:
        raise TooMuch(given=f"{size} B", limit=f"{manifest.limits.bytes} B")
    try:
        checked = shapes(manifest)[0].model_validate(given)
    except ValidationError as error:
        key, said = breaches.first(error)
        raise BadInput(key=key, reason=said.in_("en"), reason_zh=said.in_("zh")) from error
    found = checked.model_dump(mode="json")
    if counted(manifest, found) > manifest.limits.items:
        raise TooMuch(given=str(counted(manifest, found)), limit=str(manifest.limits.items))
    return found


def counted(manifest: Manifest, given: dict[str, Any]) -> int:
    """How many items a call is metered as."""
    return max(1, len(given.get(manifest.counted) or ())) if manifest.counted else 1


def work(
    manifest: Manifest, who: Holder, given: dict[str, Any], cost: tuple[int, int, Left], mode: str
) -> Answer:
    """Run it in its process and write the line."""
    items, size, left = cost
    started, code, out = time.monotonic(), "", 0
    needs = areas.needed(manifest) | training.needed(manifest)
    version = training.version(manifest, needs)
    try:
        said = runner.call(manifest, given, needs)
        if "error" in said:
            raise _TOLD.get(said["error"]["code"], Crashed)(**said["error"]["facts"])
        output: dict[str, Any] = said["output"]
        out = len(str(output).encode())
    except HutongError as error:
        code = error.code
        raise
    finally:
        ms = round((time.monotonic() - started) * 1000)
        metering.note(who, version, mode, code=code, items=items, ms=ms, sizes=(size, out))
    return Answer(manifest.id, version, output, items, ms, left)
