"""Tables of the portal: its index of what is open, keys of those who publish, what the public sent, usage."""

from django.db import models

from hutong.kernel import clock
from hutong.kernel.fields import JsonField


class Package(models.Model):
    """One dataset as the portal lists it: opened by the catalog, or registered here because it lives elsewhere.

    ``body`` is the CKAN form as JSON text. ``change`` counts every change of the index, so that whoever keeps a
    copy in memory reads only what is new.
    """

    name = models.CharField(max_length=200, unique=True)
    uuid = models.CharField(max_length=36, unique=True)
    urn = models.CharField(max_length=300, unique=True)
    origin = models.CharField(max_length=10)  # catalog, registered
    mark = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    themes = JsonField(default=list)
    tags = JsonField(default=list)
    formats = JsonField(default=list)
    licence = models.CharField(max_length=100, blank=True)
    update = models.CharField(max_length=40, blank=True)
    quality = models.PositiveSmallIntegerField(default=0)
    listed = models.BooleanField(default=True)  # False: deleted, private, a draft, or closed since
    created_at = models.DateTimeField(default=clock.now)
    modified_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)
    change = models.BigIntegerField(unique=True)
    log_entry = models.BigIntegerField(null=True)
    body = models.TextField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    """Which package a resource of CKAN belongs to."""

    uuid = models.CharField(max_length=36, primary_key=True)
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="kept_resources")

    def __str__(self) -> str:
        return self.uuid


class SearchText(models.Model):
    """Where PostgreSQL searches; SQLite has a full-text table of its own beside it (see ``words_index.py``)."""

    package = models.OneToOneField(Package, on_delete=models.CASCADE, primary_key=True)

    def __str__(self) -> str:
        return str(self.pk)


class Key(models.Model):
    """A key with which a program acts for a person in CKAN's interface. Only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    actor = models.CharField(max_length=300)
    title = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Letter(models.Model):
    """What someone of the public asked for or found wrong, and what was answered. Shown once it is let through."""

    class Kind(models.TextChoices):
        REQUEST = "request"
        FEEDBACK = "feedback"

    class State(models.TextChoices):
        WAITING = "waiting"
        SHOWN = "shown"
        REFUSED = "refused"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    dataset = models.CharField(max_length=200, blank=True, db_index=True)
    organisation = models.CharField(max_length=100, blank=True, db_index=True)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_index=True)
    sent_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-sent_at", "-id")

    def __str__(self) -> str:
        return self.title


class Use(models.Model):
    """How often a dataset was looked at, downloaded or called on a day; nobody's address or name."""

    day = models.DateField()
    dataset = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)  # view, download, call
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dataset", "kind", "day"), name="use_once"),)

    def __str__(self) -> str:
        return f"{self.dataset} {self.kind} {self.day}"
