"""The only door: who is acting, and may they?

A view says ``@requires("catalog.view")``; code that has a thing in hand says
``allow(actor, "lake.load", Target(organisation=…))``. ``logic/policy.py`` is the table behind both.
"""

from hutong.accounts.access import allow, current, declared_action, may, requires, system
from hutong.accounts.binding import check_bind
from hutong.accounts.logic.actions import ACTIONS, Action
from hutong.accounts.types import ANONYMOUS, Actor, Decision, OrganisationRef, PersonRef, Role, Target

__all__ = [
    "ACTIONS",
    "ANONYMOUS",
    "Action",
    "Actor",
    "Decision",
    "OrganisationRef",
    "PersonRef",
    "Role",
    "Target",
    "allow",
    "check_bind",
    "current",
    "declared_action",
    "may",
    "requires",
    "system",
]
