"""Tables of the catalog: entries as they stand, and every version there was."""

from django.db import models

from hutong.kernel import clock
from hutong.kernel.fields import JsonField


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
    themes = JsonField(default=list)
    body = JsonField()
    sha256 = models.CharField(max_length=64)
    origin_sha256 = models.CharField(max_length=64, blank=True)  # what the pack said last
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
    body = JsonField()
    sha256 = models.CharField(max_length=64)
    log_entry = models.BigIntegerField()
    note = JsonField(default=dict)  # of a retirement: reason and successor

    class Meta:
        ordering = ("urn", "-version")
        constraints = (models.UniqueConstraint(fields=("urn", "version"), name="version_once"),)

    def __str__(self) -> str:
        return f"{self.urn} v{self.version}"


class ColumnGrade(models.Model):
    """What a column was found to hold, the grade that suggests, and what a person decided."""

    table = models.CharField(max_length=120)
    column = models.CharField(max_length=120)
    found = models.CharField(max_length=24)
    grade = models.CharField(max_length=12)
    confidence = models.FloatField()
    evidence = JsonField(default=dict)
    snapshot = models.CharField(max_length=300, blank=True)
    suggested_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, default="open", db_index=True)
    decided = models.CharField(max_length=12, blank=True)
    reason = models.TextField(blank=True)
    actor = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    log_entry = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("table", "-confidence", "column")
        constraints = (models.UniqueConstraint(fields=("table", "column"), name="graded_once"),)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


class ProposedChange(models.Model):
    """The entry as a proposal would have it. The log holds the proposal itself, with the digest of ``body``."""

    proposal = models.CharField(max_length=300, primary_key=True)
    urn = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(max_length=10)
    change = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    body = JsonField()
    actor = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.proposal


class Sheet(models.Model):
    """A workbook that was handed in: its changes wait for the person who looks at them."""

    id = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    actor = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)
    changes = JsonField(default=list)
    state = models.CharField(max_length=10, default="open")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name


class Unfinished(models.Model):
    """What a person has written of an entry and not handed in: fields as the form has them."""

    id = models.CharField(max_length=32, primary_key=True)
    actor = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(max_length=10)
    urn = models.CharField(max_length=300, blank=True)  # of the entry that it changes; empty: of a new one
    table = models.CharField(max_length=120, blank=True)  # of the lake, which the new entry is to describe
    given = JsonField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.id


class Handed(models.Model):
    """A table of the lake that no dataset describes, and the organisation that is to catalogue it."""

    table = models.CharField(max_length=120, primary_key=True)
    organisation = models.CharField(max_length=100)
    actor = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)
    log_entry = models.BigIntegerField()

    def __str__(self) -> str:
        return self.table


class SearchText(models.Model):
    """Where PostgreSQL searches; SQLite has a full-text table of its own beside it (see ``search.py``)."""

    urn = models.CharField(max_length=400, primary_key=True)  # of a foreign entry, its key
    title = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.urn
