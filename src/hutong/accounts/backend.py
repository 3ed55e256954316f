"""Who may sign in with what. Lock-out after failures is django-axes' work, which stands before this."""

from typing import Any, Final, cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from hutong.accounts.models import Person
from hutong.kernel import settings

DEMO_PASSWORD: Final = "hutong-demo"  # noqa: S105 - opens nothing outside demo mode, and is never stored
LONGEST_PASSWORD: Final = 256


class PersonBackend(ModelBackend):
    """Login name and password. Demo people have no stored password, so nothing of theirs can leak or linger."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        login = normal_login(username or kwargs.get(Person.USERNAME_FIELD))
        if not login or not password or len(password) > LONGEST_PASSWORD:
            return None
        person = Person.objects.filter(login=login).first()
        if person is None:
            make_password(password)  # an unknown name takes as long as a wrong password
            return None
        matches = person.check_password(password)
        if person.demo and settings.demo():
            matches = constant_time_compare(password, DEMO_PASSWORD)
        return person if matches and self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return cast("Person", user).may_sign_in


def normal_login(text: object) -> str:
    return str(text or "").strip().lower()


def login_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The login name of an attempt, as django-axes counts it: case and spaces do not make a new one."""
    given = (credentials or {}).get("username") or request.POST.get("username")
    return normal_login(given)[:150]
