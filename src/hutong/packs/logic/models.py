"""Walking the annotations of a section's model beside the data."""

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from hutong.packs.types import KeyPath


def models_at(annotation: Any, path: KeyPath) -> tuple[type[BaseModel], ...]:
    """Models that may stand at a key path, several where the annotation is a union."""
    found: dict[type[BaseModel], None] = {}
    for each in _plain(annotation):
        if not path:
            if _is_model(each):
                found[each] = None
            continue
        for inner in _step(each, path[0]):
            found.update(dict.fromkeys(models_at(inner, path[1:])))
    return tuple(found)


def key_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys of a model as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def nested(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model reachable from an annotation, each once."""
    seen: set[type[BaseModel]] = set()
    waiting = [annotation]
    while waiting:
        for each in _plain(waiting.pop()):
            if not _is_model(each):
                waiting.extend(get_args(each) if get_origin(each) is not None else ())
            elif each not in seen:
                seen.add(each)
                yield each
                waiting.extend(field.annotation for field in each.model_fields.values())


def marked(value: Any, kind: type, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Values whose annotation carries a marker of ``kind``: their key path, the value, the marker."""
    model: type[BaseModel] = type(value)
    if not _holds(model, kind):
        return
    for name, field in model.model_fields.items():
        inner = getattr(value, name)
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        yield from _marked(annotation, inner, kind, (*path, field.alias or name))


@cache
def _holds(model: type[BaseModel], kind: type) -> bool:
    """Whether a model or one inside it has a marker; most have none and need not be walked."""
    fields = [field for each in nested(model) for field in each.model_fields.values()]
    return any(
        any(isinstance(each, kind) for each in field.metadata) or _mentions(field.annotation, kind)
        for field in fields
    )


def _mentions(annotation: Any, kind: type) -> bool:
    return isinstance(annotation, kind) or any(_mentions(each, kind) for each in _parts(annotation))


def _parts(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) is not None else ()


def _marked(annotation: Any, value: Any, kind: type, path: KeyPath) -> Iterator[tuple[KeyPath, Any, Any]]:
    if isinstance(value, BaseModel):
        yield from marked(value, kind, path)
        return
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        if isinstance(value, str):
            yield from ((path, value, each) for each in metadata if isinstance(each, kind))
        yield from _marked(inner, value, kind, path)
    elif _is_union(annotation):
        for each in get_args(annotation):
            yield from _marked(each, value, kind, path)
    elif isinstance(value, list | tuple):
        args = [each for each in get_args(annotation) if each is not Ellipsis] or [Any]
        for number, entry in enumerate(value):
            yield from _marked(args[0], entry, kind, (*path, number))
    elif isinstance(value, dict):
        keys, values = get_args(annotation) or (Any, Any)
        for key, entry in value.items():
            yield from _marked(keys, key, kind, (*path, key))
            yield from _marked(values, entry, kind, (*path, key))


def _plain(annotation: Any) -> Iterator[Any]:
    """The members of an annotation without ``Annotated`` and unions."""
    if get_origin(annotation) is Annotated:
        yield from _plain(get_args(annotation)[0])
    elif _is_union(annotation):
        for each in get_args(annotation):
            yield from _plain(each)
    else:
        yield annotation


def _step(annotation: Any, step: str | int) -> Iterator[Any]:
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                yield field.annotation
        return
    args = [each for each in get_args(annotation) if each is not Ellipsis]
    if get_origin(annotation) is dict and len(args) == 2:
        yield args[1]
    elif get_origin(annotation) in (list, tuple, set, frozenset) and isinstance(step, int):
        yield from args[:1] if get_origin(annotation) is not tuple else args


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
