"""Tables of people, organisations, roles and sessions."""

import re
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.accounts.types import Role
from hutong.kernel import clock
from hutong.kernel.settings import demo
from hutong.kernel.text import Text

LOGIN = re.compile(r"\A[a-z][a-z0-9._-]{1,39}\Z")
ROLES = [(each.value, each.label.en) for each in Role if each is not Role.PUBLIC]


class Organisation(models.Model):
    """A bureau, subdistrict, community or enterprise of the district; ``id`` is its name in the pack."""

    id = models.SlugField(primary_key=True, max_length=80)
    urn = models.CharField(_("Identifier"), max_length=300, unique=True)
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    abbreviation_zh = models.CharField(_("Abbreviation"), max_length=60, blank=True)
    abbreviation_en = models.CharField(_("Abbreviation in English"), max_length=100, blank=True)
    kind = models.CharField(_("Kind"), max_length=40, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("Part of"), null=True, blank=True, related_name="children"
    )
    division = models.CharField(_("Division code"), max_length=12, blank=True, db_index=True)
    reference = models.CharField(_("Source"), max_length=300, blank=True)
    active = models.BooleanField(_("In being"), default=True)
    changed_at = models.DateTimeField(_("Changed"), default=clock.now)

    class Meta:
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisations")
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def abbreviation(self) -> Text:
        return Text(self.abbreviation_zh, self.abbreviation_en)


class PersonManager(BaseUserManager["Person"]):
    """People by login name. They are made through ``people.add``, which checks and records."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(login=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Someone who can sign in. Roles come from memberships alone; there is no superuser."""

    urn = models.CharField(_("Identifier"), max_length=300, unique=True)
    login = models.CharField(
        _("Login name"), max_length=40, unique=True, validators=[RegexValidator(LOGIN.pattern)]
    )
    name_zh = models.CharField(_("Full name"), max_length=80)
    name_en = models.CharField(_("Name in English"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("Organisation"),
        null=True,
        blank=True,
        related_name="people",
    )
    is_active = models.BooleanField(_("Not locked"), default=True)
    demo = models.BooleanField(_("Demo person"), default=False, editable=False)
    must_change_password = models.BooleanField(_("Has to change the password"), default=False)
    locale = models.CharField(_("Language"), max_length=10, default="zh-hans")
    last_seen = models.DateTimeField(_("Last seen"), null=True, blank=True)
    created_at = models.DateTimeField(_("Added"), default=clock.now)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_zh"]

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("People")
        ordering = ("login",)

    def __str__(self) -> str:
        return f"{self.name} ({self.login})"

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)

    def get_full_name(self) -> str:
        return str(self.name)

    @property
    def may_sign_in(self) -> bool:
        """A locked person never; a demo person in demo mode alone."""
        return self.is_active and (not self.demo or demo())

    def roles(self) -> frozenset[str]:
        """Roles held today."""
        held = self.memberships.in_force(clock.today()).values_list("role", flat=True)
        return frozenset(held) if self.is_active else frozenset()

    @property
    def is_staff(self) -> bool:
        """What Django's admin asks for; its pages only show."""
        return Role.ADMINISTRATOR.value in self.roles()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What Django's admin asks for: administrators may look."""
        return obj is None and ".view_" in f".{perm.rpartition('.')[2]}" and self.is_staff

    def has_module_perms(self, _app_label: str) -> bool:
        return self.is_staff


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, day: date) -> "MembershipQuerySet":
        """Memberships that hold on ``day``, both ends included."""
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class Membership(models.Model):
    """A role a person holds in an organisation, and below it, from a day until a day (both included)."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("Person"), related_name="memberships")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("Organisation"),
        null=True,
        blank=True,
        related_name="memberships",
    )
    role = models.CharField(_("Role"), max_length=20, choices=ROLES)
    since = models.DateField(_("From"), default=clock.today)
    until = models.DateField(_("Until"), null=True, blank=True)
    granted_by = models.CharField(_("Given by"), max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("Role of a person")
        verbose_name_plural = _("Roles of people")
        ordering = ("person", "role", "organisation")
        constraints = (
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="membership_role_is_known", condition=Q(role__in=[value for value, _title in ROLES])
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id or ''}"


class Session(AbstractBaseSession):
    """A sign-in session that knows whose it is, so that people can list and end their own."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> Any:
        from hutong.accounts.sessions import SessionStore  # noqa: PLC0415 - the store imports this model

        return SessionStore
