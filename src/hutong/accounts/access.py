"""From a request to an actor, and from an action to a yes or a no."""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, Final, NoReturn, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from ninja.utils import check_csrf

from hutong.accounts.errors import Refused
from hutong.accounts.logic import policy
from hutong.accounts.logic.actions import ACTIONS
from hutong.accounts.models import Person
from hutong.accounts.tree import subtree
from hutong.accounts.types import ANONYMOUS, Actor, Decision, Role, Target
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.ui.errors import StaleForm

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
_MARK: Final = "hutong_action"
_CACHED: Final = "_hutong_actor"
_NOT_ASKED: Final = Text(zh="此处没有您可以查看的内容", en="there is nothing here that you may see")
_asked: ContextVar[set[str]] = ContextVar("asked")


def current(request: HttpRequest) -> Actor:
    """Whoever makes the request; the public when nobody is signed in. Asked of the database once."""
    found: Actor | None = getattr(request, _CACHED, None)
    if found is None:
        user = getattr(request, "user", None)
        found = actor_of(user) if isinstance(user, Person) else ANONYMOUS
        setattr(request, _CACHED, found)
    return found


def forget(request: HttpRequest) -> None:
    """Ask again next time: the person of the request has changed."""
    if hasattr(request, _CACHED):
        delattr(request, _CACHED)


def actor_of(person: Person) -> Actor:
    """The actor a person is today."""
    if not person.may_sign_in:
        return ANONYMOUS
    held = list(person.memberships.in_force(clock.today()).values_list("role", "organisation_id"))
    bound = [(role, office) for role, office in held if office and role in policy.BOUND_ROLES]
    reach = frozenset((role, each) for role, office in bound for each in subtree(office))
    return Actor(
        urn=person.urn,
        name=str(person.name),
        organisation=person.organisation_id or "",
        roles=frozenset({Role.PUBLIC.value, *(role for role, _organisation in held)}),
        is_authenticated=True,
        reach=reach,
    )


def actor_named(urn: str) -> Actor:
    """The actor that the person with that URN or login is today; the public where there is none who may sign in."""
    person = Person.objects.filter(login=urn.rpartition(":")[2]).first()
    return actor_of(person) if person is not None and urn in {person.urn, person.login} else ANONYMOUS


def system(*roles: Role) -> Actor:
    """The actor of a job or a command, which acts for nobody in particular."""
    return Actor(
        urn="system", name="system", roles=frozenset(each.value for each in roles), is_authenticated=True
    )


def may(actor: Actor, action: str, target: Target | None = None) -> Decision:
    """Whether ``actor`` may do ``action`` to ``target``; without a target, to anything at all."""
    asked = _asked.get(None)
    if target is not None and asked is not None:
        asked.add(action)
    return policy.decide(actor, action, target)


def allow(actor: Actor, action: str, target: Target | None = None) -> None:
    """Go on only if the policy allows it; raises ``Refused``."""
    decision = may(actor, action, target)
    if not decision:
        _refuse(actor, action, decision.reason, target)


def requires(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a Django view or a Ninja operation; the public is led to sign in when a page asks.

    The view still has to ask about the thing it shows: ``allow(current(request), action, Target(…))``. If it
    forgets, only those whose grant has no limits of organisation or openness get its answer.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action} is not in the list of actions (accounts/logic/actions.py)")

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            request = cast("HttpRequest", args[0] if args else kwargs["request"])
            actor = current(request)
            if actor.is_authenticated:
                _check_token(request, view)
            try:
                allow(actor, action)
                return _answer(actor, action, lambda: view(*args, **kwargs))
            except Refused:
                if actor.is_authenticated or not _is_page(request):
                    raise
                return cast("R", _to_sign_in(request))

        setattr(guarded, _MARK, action)
        return guarded

    return guard


def declared_action(view: Any) -> str | None:
    """The action a view asks for, or None where it was never guarded."""
    return getattr(view, _MARK, None)


def _check_token(request: HttpRequest, view: Callable[..., object]) -> None:
    """Ask for the form's token where Django was told not to: Ninja exempts its views, our session signs them in."""
    if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"} or getattr(
        request, "csrf_processing_done", False
    ):
        return
    if check_csrf(request, view) is not None:
        raise StaleForm


def _answer(actor: Actor, action: str, view: Callable[[], R]) -> R:
    """What the view answers, unless it forgot to ask about the thing and the actor may only do it to some."""
    asked: set[str] = set()
    token = _asked.set(asked)
    try:
        answer = view()
    finally:
        _asked.reset(token)
    if action not in asked and not policy.unlimited(actor, action):
        _refuse(actor, action, _NOT_ASKED)
    return answer


def _refuse(actor: Actor, action: str, reason: Text, target: Target | None = None) -> NoReturn:
    log.info("refused %s to %s on %s", action, actor.urn, target)
    raise Refused(
        action=action,
        reason_zh=reason.in_("zh"),
        reason_en=reason.in_("en"),
        signed_in=actor.is_authenticated,
    )


def _is_page(request: HttpRequest) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        f"{reverse('accounts:sign-in')}?{urlencode({'next': request.get_full_path()})}"
    )
