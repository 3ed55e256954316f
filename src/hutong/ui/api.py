"""The door of the design system for other capabilities.

Templates need no import: ``{% extends "ui/page.html" %}`` and ``{% load ui %}``. README.md says how.
"""

from hutong.ui.components import render
from hutong.ui.context import first_place, may, provide
from hutong.ui.errors import error_page
from hutong.ui.formats import number, percent
from hutong.ui.nav import declare, title
from hutong.ui.reader import money, month, short, unit, when
from hutong.ui.theme import is_wall
from hutong.ui.types import Crumb, Entry, Shout, Viewer

__all__ = [
    "Crumb",
    "Entry",
    "Shout",
    "Viewer",
    "declare",
    "error_page",
    "first_place",
    "is_wall",
    "may",
    "money",
    "month",
    "number",
    "percent",
    "provide",
    "render",
    "short",
    "title",
    "unit",
    "when",
]
