"""Sign-in, sign-out, failures and lock-outs go on the audit trail; new sessions learn where they come from."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from hutong.accounts.access import forget
from hutong.accounts.address import client_address
from hutong.accounts.backend import normal_login
from hutong.accounts.models import Person
from hutong.accounts.sessions import ADDRESS, AGENT, SEEN, STARTED
from hutong.kernel import audit, clock


@receiver(user_logged_in, dispatch_uid="accounts.trail.in")
def signed_in(request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    now = clock.now()
    request.session.cycle_key()  # Django keeps the key when the same person signs in again
    request.session[STARTED] = request.session[SEEN] = now.timestamp()
    request.session[ADDRESS] = client_address(request)
    request.session[AGENT] = request.headers.get("User-Agent", "")[:300]
    Person.objects.filter(pk=user.pk).update(last_seen=now)
    forget(request)
    _record("account.sign-in", user.urn, request, actor=user)


@receiver(user_logged_out, dispatch_uid="accounts.trail.out")
def signed_out(request: HttpRequest, user: Person | None, **_kwargs: Any) -> None:
    if user is not None:
        _record("account.sign-out", user.urn, request, actor=user)


@receiver(user_login_failed, dispatch_uid="accounts.trail.failed")
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    if request is not None:
        _record("account.sign-in-failed", _known(credentials.get("username")), request)


@receiver(user_locked_out, dispatch_uid="accounts.trail.locked")
def locked_out(request: HttpRequest, username: str, **_kwargs: Any) -> None:
    _record("account.locked-out", _known(username), request)


def _record(action: str, subject: str, request: HttpRequest, actor: Person | None = None) -> None:
    with audit.acting(
        audit.Origin(
            actor.urn if actor else "anonymous",
            (actor.organisation_id or "") if actor else "",
            client_address(request),
        )
    ):
        audit.record(action, subject)


def _known(login: object) -> str:
    """The URN of a known person; other names are not kept, people type passwords into the wrong field."""
    person = Person.objects.filter(login=normal_login(login)).first()
    return person.urn if person else "unknown"
