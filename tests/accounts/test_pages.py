"""The pages of accounts answer, in both languages, to those who may see them."""

from collections.abc import Callable

import pytest

from hutong.accounts.models import Person
from hutong.accounts.types import Role
from tests.accounts.conftest import SignIn

PAGES = {
    "/account/login": set(Role),
    "/account": set(Role) - {Role.PUBLIC},
    "/account/password": set(Role) - {Role.PUBLIC},
    "/account/sessions": set(Role) - {Role.PUBLIC},
    "/permissions": set(Role) - {Role.PUBLIC},
    "/organisations": set(Role),
    "/organisations/statistics-bureau": set(Role),
    "/people": {Role.ADMINISTRATOR},
    "/people/new": {Role.ADMINISTRATOR},
    "/people/someone": {Role.ADMINISTRATOR},
    "/admin/": {Role.ADMINISTRATOR},
    "/admin/accounts/person/": {Role.ADMINISTRATOR},
    "/audit": {Role.AUDITOR, Role.SECURITY},
    "/audit.csv": {Role.AUDITOR, Role.SECURITY},
    "/audit.ndjson": {Role.AUDITOR, Role.SECURITY},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_page_opens_for_its_roles_only(role: Role, signed_in: SignIn, somebody: Callable[..., Person]):
    somebody("leader", login="someone")
    client = signed_in(role)
    for path, roles in PAGES.items():
        for language in ("zh-hans", "en"):
            client.cookies["hutong_language"] = language
            answer = client.get(path)
            if role in roles:
                assert answer.status_code == 200, (path, role)
            elif role is Role.PUBLIC or path.startswith("/admin/"):
                assert answer.status_code == 302, (path, role)
            else:
                assert answer.status_code == 403, (path, role)
