"""The only door: who is acting, and may they?

A view says ``@requires("catalog.view")``; code that has a thing in hand says
``allow(actor, "lake.load", Target(organisation=…))``. ``logic/policy.py`` is the table behind both.
"""

from hutong.accounts.access import actor_named, allow, current, declared_action, may, requires, system
from hutong.accounts.address import from_this_machine
from hutong.accounts.binding import check_bind
from hutong.accounts.demo_people import everyone as demo_people
from hutong.accounts.demo_people import install as install_demo_people
from hutong.accounts.errors import DemoExposed, Refused
from hutong.accounts.logic.actions import ACTIONS, Action
from hutong.accounts.organisations import organisation, organisations
from hutong.accounts.people import listed as people
from hutong.accounts.throttle import wait
from hutong.accounts.types import (
    ANONYMOUS,
    Actor,
    Decision,
    OrganisationChanged,
    OrganisationRef,
    PersonRef,
    Role,
    Target,
)

__all__ = [
    "ACTIONS",
    "ANONYMOUS",
    "Action",
    "Actor",
    "Decision",
    "DemoExposed",
    "OrganisationChanged",
    "OrganisationRef",
    "PersonRef",
    "Refused",
    "Role",
    "Target",
    "actor_named",
    "allow",
    "check_bind",
    "current",
    "declared_action",
    "demo_people",
    "from_this_machine",
    "install_demo_people",
    "may",
    "organisation",
    "organisations",
    "people",
    "requires",
    "system",
    "wait",
]
