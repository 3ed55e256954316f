"""Tables of the catalog: entries as they stand, and every version there was."""

from django.db import models

from hutong.kernel import clock


class Entry(models.Model):
    """A duty, dataset, table or system as it stands."""

    urn = models.CharField(max_length=300, primary_key=True)
    kind = models.CharField(max_length=10)
    local = models.CharField(max_length=200)
    organisation = models.CharField(max_length=100, blank=True, db_index=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    summary_zh = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    parent = models.CharField(max_length=300, blank=True, db_index=True)
    grade = models.CharField(max_length=12, blank=True)
    sharing = models.CharField(max_length=16, blank=True)
    opening = models.CharField(max_length=16, blank=True)
    update = models.CharField(max_length=40, blank=True)
    themes = models.JSONField(default=list)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    retired = models.BooleanField(default=False, db_index=True)
    order = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    log_entry = models.BigIntegerField()

    class Meta:
        ordering = ("kind", "order", "local")
        constraints = (models.UniqueConstraint(fields=("kind", "local"), name="entry_once"),)

    def __str__(self) -> str:
        return self.urn


class Version(models.Model):
    """One version of an entry. Rows are only ever added; the log holds the digest of ``body``."""

    urn = models.CharField(max_length=300, db_index=True)
    version = models.PositiveIntegerField()
    change = models.CharField(max_length=8)
    at = models.DateTimeField(default=clock.now)
    actor = models.CharField(max_length=300)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    log_entry = models.BigIntegerField()

    class Meta:
        ordering = ("urn", "-version")
        constraints = (models.UniqueConstraint(fields=("urn", "version"), name="version_once"),)

    def __str__(self) -> str:
        return f"{self.urn} v{self.version}"


class SearchText(models.Model):
    """Where PostgreSQL searches; SQLite has a full-text table of its own beside it (see ``search.py``)."""

    urn = models.CharField(max_length=300, primary_key=True)
    title = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.urn
