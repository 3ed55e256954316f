"""Template tags and filters of the design system: ``{% load ui %}``."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from hutong.kernel.errors import HutongError
from hutong.kernel.urn import Urn
from hutong.ui import formats, reader, vendor
from hutong.ui.components import render

register = template.Library()
FRAME = ("csrf_token", "chrome", "request")


@register.filter
def number(value: object, decimals: int | None = None) -> str:
    return formats.number(value, decimals)


@register.filter
def short(value: object, decimals: int | None = None) -> str:
    return reader.short(value, decimals)


@register.filter
def money(fen: object) -> str:
    return reader.money(fen)


@register.filter
def percent(share: object, decimals: int = 1) -> str:
    return formats.percent(share, decimals)


@register.filter
def when(moment: object) -> str:
    return reader.when(moment)


@register.filter
def month(day: object) -> str:
    return reader.month(day)


@register.filter
def urn_link(urn: object, label: object = "") -> SafeString | str:
    """A link to whatever ``urn`` names, showing ``label`` or the tail of the identifier."""
    if not urn:
        return formats.DASH
    parsed = urn if isinstance(urn, Urn) else Urn.parse(str(urn))
    return format_html(
        '<a class="urn" href="{}" title="{}">{}</a>', parsed.path, str(parsed), label or parsed.local
    )


@register.filter
def as_urn_path(urn: object) -> str:
    """Where ``urn`` resolves; empty when it is not an identifier."""
    try:
        return Urn.parse(str(urn)).path
    except HutongError:
        return ""


@register.filter
def status_name(status: int) -> str:
    """What the page of a status is called."""
    names = {
        400: gettext("The request cannot be read"),
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        405: gettext("Not to be opened"),
        409: gettext("A conflict"),
        413: gettext("Too large"),
        422: gettext("The input is not valid"),
        429: gettext("Too many requests"),
        503: gettext("Not available now"),
    }
    return names.get(status, gettext("Something went wrong"))


@register.simple_tag(name="vendor")
def vendor_url(path: str) -> str:
    """Address of a front-end part, empty when npm has not installed it."""
    return vendor.url(path)


class ComponentNode(Node):
    """``{% ui "figure" title=… %}`` and ``{% uiblock "notice" kind="warn" %}…{% enduiblock %}``."""

    def __init__(
        self, name: FilterExpression, options: dict[str, FilterExpression], body: NodeList | None
    ) -> None:
        self.name, self.options, self.body = name, options, body

    def render(self, context: Context) -> SafeString:
        options: dict[str, Any] = {key: value.resolve(context) for key, value in self.options.items()}
        spread = options.pop("options", None)
        content = self.body.render(context) if self.body is not None else None
        frame = {key: context.get(key) for key in FRAME}
        return render(str(self.name.resolve(context)), {**(spread or {}), **options}, content, **frame)


def _node(parser: Parser, token: Token, body: NodeList | None) -> ComponentNode:
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("a component tag starts with the component's name")
    name, rest = parser.compile_filter(bits[0]), bits[1:]
    options = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"{token.contents!r}: options are written key=value")
    return ComponentNode(name, options, body)


@register.tag
def ui(parser: Parser, token: Token) -> ComponentNode:
    return _node(parser, token, None)


@register.tag
def uiblock(parser: Parser, token: Token) -> ComponentNode:
    body = parser.parse(("enduiblock",))
    parser.delete_first_token()
    return _node(parser, token, body)
