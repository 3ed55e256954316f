"""Tables of the kernel: the outbox, what was delivered, the audit trail, and how far jobs are."""

from django.db import models

from hutong.kernel import clock
from hutong.kernel.fields import JsonField


class OutboxEvent(models.Model):
    """An event written in the transaction of the change it tells of."""

    name = models.CharField(max_length=80)
    body = JsonField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Delivery(models.Model):
    """One event still owed to one handler; deleted once the handler has taken it."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=160)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=clock.now)
    error = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "handler"), name="delivery_once"),)
        indexes = (models.Index(fields=("not_before", "id"), name="delivery_due"),)

    def __str__(self) -> str:
        return f"{self.handler} ← {self.event_id}"


class AuditRecord(models.Model):
    """Who did what to which thing. Rows are only ever added."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    actor = models.CharField(max_length=300, db_index=True)
    organisation = models.CharField(max_length=300, blank=True, db_index=True)
    action = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=300, db_index=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    detail = JsonField(default=dict)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"


class JobRun(models.Model):
    """What a person sees of a durable job; the work itself is remembered by the job engine."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=80)
    arguments = JsonField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_index=True)
    handed = models.BooleanField(default=False)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    note_zh = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    result = JsonField(null=True)
    error = JsonField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} {self.id}"
