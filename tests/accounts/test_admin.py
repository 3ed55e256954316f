"""Django's admin and what of Django's own permissions is left out."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal


@pytest.mark.django_db
def test_migrations_leave_no_permissions_of_djangos() -> None:
    """The policy table is the one place: a second one in the database would mislead."""
    assert apps.is_installed("django.contrib.auth")
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert not Permission.objects.exists()
    assert not ContentType.objects.exists()
