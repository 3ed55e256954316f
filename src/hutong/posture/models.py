"""Tables of the posture: alerts, findings, scores by day, and seals of the audit trail."""

from typing import ClassVar

from django.db import models

from hutong.kernel.fields import JsonField


class AlertRow(models.Model):
    """Something that stood out, and what people made of it."""

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12, db_index=True)
    state = models.CharField(max_length=12, db_index=True)
    score = models.IntegerField()
    dataset = models.CharField(max_length=120, db_index=True)
    contract = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=10, default="exchange")
    actor = models.CharField(max_length=300)
    organisation = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_index=True)
    rows = models.BigIntegerField()
    calls = models.BigIntegerField()
    reasons = JsonField()
    opened_at = models.DateTimeField()
    settled_by = models.CharField(max_length=250, blank=True)
    settled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "posture_alert"

    def __str__(self) -> str:
        return f"{self.kind} {self.dataset}"


class FindingRow(models.Model):
    """A weakness that a rule found; the row stays when it is mended."""

    key = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=8)
    subject = models.CharField(max_length=300)
    dataset = models.CharField(max_length=120, blank=True, db_index=True)
    link = models.CharField(max_length=300, blank=True)
    facts = JsonField()
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True, db_index=True)
    accepted_until = models.DateField(null=True)
    accepted_by = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "posture_finding"

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class ScoreRow(models.Model):
    """The risk of one thing on one day; the last of the day stands."""

    day = models.DateField()
    subject = models.CharField(max_length=250)
    kind = models.CharField(max_length=8)
    score = models.FloatField()
    shares = JsonField()
    exposure = JsonField()
    at = models.DateTimeField()

    class Meta:
        db_table = "posture_score"
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "subject"], name="posture_score_day")]

    def __str__(self) -> str:
        return f"{self.subject} {self.day}"


class WatchRow(models.Model):
    """Up to when accesses have been looked at."""

    through = models.DateTimeField()
    accesses = models.BigIntegerField()
    found = models.IntegerField()
    dropped = models.IntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "posture_watch"

    def __str__(self) -> str:
        return f"{self.through}"


class SealRow(models.Model):
    """A run of audit records that the log has been told of by digest."""

    first = models.BigIntegerField(unique=True)
    last = models.BigIntegerField(unique=True)
    count = models.BigIntegerField()
    since = models.DateTimeField(db_index=True)
    until = models.DateTimeField(db_index=True)
    reached = models.DateTimeField(db_index=True)  # the latest time in this seal and all before it
    sha256 = models.CharField(max_length=64)
    log_entry = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "posture_seal"

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"
