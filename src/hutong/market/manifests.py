"""The modules that come with the code: a folder of ``modules/`` each, with manifest, accuracy, shapes and code."""

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from hutong.market.types import Manifest, Shape

FOLDER = Path(__file__).parent / "modules"


@cache
def manifests() -> MappingProxyType[str, Manifest]:
    """Every manifest by id; a folder whose manifest has another name does not start."""
    found: dict[str, Manifest] = {}
    for file in sorted(FOLDER.glob("*/manifest.yaml")):
        measured = file.with_name("accuracy.json")
        accuracy = json.loads(measured.read_text("utf8")) if measured.exists() else []
        manifest = Manifest.model_validate({**yaml.safe_load(file.read_text("utf8")), "accuracy": accuracy})
        if manifest.folder != file.parent.name:
            raise ValueError(f"{file} names the module {manifest.id}")
        found[manifest.id] = manifest
    return MappingProxyType(found)


def shapes(manifest: Manifest) -> tuple[type[Shape], type[Shape]]:
    """What the module takes and gives. Light to import: the libraries are only where it runs."""
    part = import_module(f"hutong.market.modules.{manifest.folder}.shapes")
    return part.Given, part.Found


@cache
def schemas(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """JSON Schema of the input and of the output."""
    given, found = shapes(manifests()[name])
    return given.model_json_schema(), found.model_json_schema()
