"""The process in which one module runs: reads calls from its input, answers on its output, ends when idle.

``python -m hutong.market.workshop MODULE MEMORY_MB IDLE_SECONDS``. Each message is four bytes of length and JSON. It
knows no database, no session and no key; whatever it breaks, it breaks alone.
"""

import json
import os
import resource
import select
import struct
import sys
from importlib import import_module
from typing import Any, BinaryIO

from hutong.kernel.errors import HutongError
from hutong.market.errors import Crashed, NotInstalled
from hutong.market.manifests import manifests, shapes
from hutong.market.running import MODEL, Context, work_of

_LENGTH = struct.Struct(">I")


def main(name: str, memory_mb: str, idle: str) -> None:
    """Work until nobody has asked for a while or the asking process is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints does not print into our answers
    bound = int(memory_mb) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = sys.stdin.buffer
    context: dict[str, Any] = {}
    while select.select([asked], [], [], float(idle))[0]:
        message = read(asked)
        if message is None:
            return
        context.update(message.get("context", {}))
        write(answers, answer(name, message["input"], context))


def answer(name: str, given: Any, context: dict[str, Any]) -> dict[str, Any]:
    """What the module finds, or what is wrong as an error says it."""
    manifest = manifests()[name]
    try:
        import_module(f"hutong.market.modules.{manifest.folder}.run")
        inward, outward = shapes(manifest)
        found = work_of(name)(inward.model_validate(given), Context(context, _model(context.get(MODEL))))
        return {"output": outward.model_validate(found).model_dump(mode="json")}
    except HutongError as error:
        return {"error": error.as_dict()}
    except ImportError as error:
        return {"error": NotInstalled(name=error.name or str(error)).as_dict()}
    except MemoryError:
        return {"error": Crashed(reason="memory").as_dict()}
    except Exception as error:  # noqa: BLE001 - the edge of a process: a module's fault is told as an answer
        sys.stderr.write(f"module {name}: {error!r}\n")
        return {"error": Crashed(reason=type(error).__name__).as_dict()}


def _model(told: dict[str, Any] | None) -> Any:
    """The model that the call is to use; none where the module works as shipped."""
    if not told:
        return None
    from hutong.market import model_files  # noqa: PLC0415 - numpy is for learned models alone

    return model_files.opened(told["path"], told["sha256"], told["number"])


def read(source: BinaryIO) -> dict[str, Any] | None:
    """The next message; None at the end."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    body = source.read(_LENGTH.unpack(head)[0])
    found: dict[str, Any] = json.loads(body)
    return found


def write(sink: BinaryIO, message: dict[str, Any]) -> None:
    body = json.dumps(message, ensure_ascii=False).encode()
    sink.write(_LENGTH.pack(len(body)) + body)
    sink.flush()


if __name__ == "__main__":
    main(*sys.argv[1:4])
