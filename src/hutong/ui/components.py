"""Components: a template and a YAML of options and examples each, in ``components/<name>/``.

The tags in ``templatetags/ui.py`` render them; the gallery and the tests are made from the same YAML.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast

import yaml
from django.template import engines
from django.template.backends.django import Template
from django.utils.safestring import SafeString, mark_safe
from pydantic import BaseModel, ConfigDict, Field

from hutong.kernel.text import Text
from hutong.ui.errors import BadComponent, NoComponent
from hutong.ui.prepare import PREPARE

FOLDER: Final = Path(__file__).parent / "components"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Words(_Strict):
    zh: str
    en: str

    @property
    def text(self) -> Text:
        return Text(zh=self.zh, en=self.en)


class Option(_Strict):
    """What a page may hand to a component."""

    type: Literal["text", "number", "bool", "list", "map", "url", "html", "any"]
    required: bool = False
    doc: Words
    choices: tuple[str, ...] = ()


class Example(_Strict):
    """One use of the component, shown in the gallery and rendered by the tests."""

    name: str
    title: Words
    data: dict[str, Any]
    content: Words | None = None


class Component(_Strict):
    """The YAML of a component."""

    name: str
    title: Words
    purpose: Words
    options: dict[str, Option] = Field(default_factory=dict)
    block: bool = False
    examples: tuple[Example, ...]

    def call(self, example: Example) -> str:
        """How a template writes the example."""
        options = [
            f'{key}="{value}"' if isinstance(value, str) else f"{key}={key}"
            for key, value in example.data.items()
        ]
        tag = " ".join(["uiblock" if self.block else "ui", f'"{self.name}"', *options])
        return f"{{% {tag} %}} … {{% enduiblock %}}" if self.block else f"{{% {tag} %}}"


@cache
def components() -> dict[str, Component]:
    """All components by name, in order of name."""
    return {
        folder.name: _load(folder)
        for folder in sorted(FOLDER.iterdir())
        if (folder / "component.yaml").is_file()
    }


def component(name: str) -> Component:
    found = components().get(name)
    if found is None:
        raise NoComponent(component=name)
    return found


def render(name: str, options: Mapping[str, Any], content: str | None = None, **frame: Any) -> SafeString:
    """The HTML of a component; ``frame`` is what its template may use of the page (csrf_token …).

    Raises ``BadComponent`` for an option it does not know, or a required one that is missing.
    """
    spec = components().get(name)
    if spec is None:
        raise BadComponent(component=name, reason="no such component")
    _check(spec, options)
    context = dict.fromkeys(spec.options) | dict(options)
    prepared = PREPARE[name](context) if name in PREPARE else context
    return mark_safe(_template(spec.name).render({**frame, **prepared, "content": content}))  # noqa: S308 - a template's own output


def example_data(value: Any) -> Any:
    """Example data as a page would hand it: ``{zh, en}`` maps become texts."""
    if isinstance(value, dict):
        if value and set(value) <= {"zh", "en"}:
            return Text(**{"zh": "", **value})
        return {key: example_data(each) for key, each in value.items()}
    if isinstance(value, list):
        return [example_data(each) for each in value]
    return value


def _load(folder: Path) -> Component:
    data = yaml.safe_load((folder / "component.yaml").read_text("utf8"))
    return Component.model_validate({"name": folder.name, **data})


@cache
def _template(name: str) -> Template:
    source = (FOLDER / name / "template.html").read_text("utf8")
    return cast("Template", engines["django"].from_string(source))


def _check(spec: Component, options: Mapping[str, Any]) -> None:
    unknown = sorted(set(options) - set(spec.options))
    if unknown:
        raise BadComponent(component=spec.name, reason=f"unknown option {', '.join(unknown)}")
    for key, option in spec.options.items():
        value = options.get(key)
        if option.required and value is None:
            raise BadComponent(component=spec.name, reason=f"option {key} is missing")
        if option.choices and value is not None and str(value) not in option.choices:
            raise BadComponent(
                component=spec.name, reason=f"{key} is {value!r}, not one of {', '.join(option.choices)}"
            )
