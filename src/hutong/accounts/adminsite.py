"""The site of Django's admin: same sign-in, same policy as every other page."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.db.models.signals import post_migrate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class HutongAdminConfig(AdminConfig):
    """In INSTALLED_APPS instead of ``django.contrib.admin``."""

    default_site = "hutong.accounts.adminsite.HutongAdmin"

    def ready(self) -> None:
        """No rows of Django's own permissions: the policy table decides, nobody would read them.

        Writing and comparing them after each migration takes longer than most migrations.
        """
        from django.contrib.contenttypes.management import (  # noqa: PLC0415 - needs the models
            create_contenttypes,
        )

        super().ready()
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)


class HutongAdmin(AdminSite):
    """Entered by those who may ``admin.use``; signing in is the same for all pages."""

    site_header = _("Administration tables")
    site_title = site_header

    def has_permission(self, request: HttpRequest) -> bool:
        from hutong.accounts.access import current, may  # noqa: PLC0415 - the site is made before the models

        return bool(may(current(request), "admin.use"))

    def login(self, request: HttpRequest, *_: Any, **_options: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("accounts:account"))
        asked = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('accounts:sign-in')}?{asked}")

    def password_change(self, *_: Any, **_options: Any) -> HttpResponse:  # type: ignore[override]
        return HttpResponseRedirect(reverse("accounts:password"))
