"""Django's admin, for administrators to look into the tables of accounts. Changes go through /people, which records."""

from typing import Any

import django.contrib.auth.admin  # noqa: F401 - registers groups, which are taken away below
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from hutong.accounts.models import Membership, Organisation, Person


class Shown(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shown, never changed."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


admin.site.unregister(Group)  # roles come from memberships; a page of groups would mislead


@admin.register(Person)
class PersonAdmin(Shown):
    list_display = ("login", "name_zh", "organisation", "is_active", "demo", "last_seen")
    list_filter = ("is_active", "demo")
    search_fields = ("login", "name_zh", "name_en")
    exclude = ("password",)


@admin.register(Organisation)
class OrganisationAdmin(Shown):
    list_display = ("id", "title_zh", "kind", "parent", "active")
    list_filter = ("kind", "active")
    search_fields = ("id", "title_zh", "title_en")


@admin.register(Membership)
class MembershipAdmin(Shown):
    list_display = ("person", "role", "organisation", "since", "until")
    list_filter = ("role",)
