"""Tables of the supermarket. What was sent to a module and what it answered is kept in none of them."""

from django.db import models

from hutong.kernel import clock
from hutong.kernel.fields import JsonField


class SubscriptionRow(models.Model):
    """An organisation's use of a module. Zero in ``day`` or ``month`` means what the offer says."""

    id = models.CharField(max_length=32, primary_key=True)
    module = models.CharField(max_length=41, db_index=True)
    organisation = models.CharField(max_length=100, db_index=True)
    person = models.CharField(max_length=300)
    purpose = models.CharField(max_length=500)
    state = models.CharField(max_length=8, db_index=True)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    day = models.PositiveIntegerField(default=0)
    month = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-asked_at", "id")

    def __str__(self) -> str:
        return f"{self.organisation} {self.module}"


class KeyRow(models.Model):
    """A key to a subscription; only its digest is kept. ``hint`` is how people tell keys apart."""

    digest = models.CharField(max_length=64, primary_key=True)
    subscription = models.ForeignKey(SubscriptionRow, on_delete=models.CASCADE, related_name="keys")
    hint = models.CharField(max_length=12)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=300)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.hint


class Meter(models.Model):
    """What a holder (a subscription, or a person who tries) used of a module on a day."""

    holder = models.CharField(max_length=300)
    module = models.CharField(max_length=41)
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("holder", "module", "day"), name="meter_once"),)

    def __str__(self) -> str:
        return f"{self.holder} {self.module} {self.day}"


class CallRow(models.Model):
    """That a call was made and how it ended; ``code`` is empty when it went well.

    ``key`` is the hint of the key it carried, and ``network`` the /24 (IPv6: /48) it came from.
    """

    at = models.DateTimeField(default=clock.now, db_index=True)
    module = models.CharField(max_length=41)
    version = models.CharField(max_length=20)
    holder = models.CharField(max_length=300, db_index=True)
    mode = models.CharField(max_length=4)  # call, try, job
    key = models.CharField(max_length=12, blank=True)
    network = models.CharField(max_length=50, blank=True)
    code = models.CharField(max_length=60, blank=True)
    items = models.PositiveIntegerField(default=1)
    bytes_in = models.PositiveIntegerField(default=0)
    bytes_out = models.PositiveIntegerField(default=0)
    ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.module} {self.at}"


class RatingRow(models.Model):
    """What a subscriber thinks of a module; one each, the newest counts."""

    module = models.CharField(max_length=41, db_index=True)
    organisation = models.CharField(max_length=100)
    person = models.CharField(max_length=300)
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("module", "organisation"), name="rating_once"),)
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.module} {self.stars}"


class RunRow(models.Model):
    """A long input worked on by a job. Its files lie in the home folder until ``keep_until``."""

    id = models.CharField(max_length=32, primary_key=True)
    holder = models.CharField(max_length=300, db_index=True)
    module = models.CharField(max_length=41)
    job = models.CharField(max_length=100)
    items = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    keep_until = models.DateTimeField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.id


class TrainingRow(models.Model):
    """A model that a module learnt from a table; its file lies in the home folder under its digest."""

    module = models.CharField(max_length=41)
    number = models.PositiveIntegerField()
    table = models.CharField(max_length=200)
    text = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    seed = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=clock.now)
    person = models.CharField(max_length=300)
    organisation = models.CharField(max_length=100)
    job = models.CharField(max_length=100, blank=True)
    snapshots = JsonField(default=list)
    cases = models.PositiveIntegerField(default=0)
    told = JsonField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    entry = models.PositiveBigIntegerField(default=0)
    trained_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=False)
    active_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ("module", "-number")
        constraints = (
            models.UniqueConstraint(fields=("module", "number"), name="training_number"),
            models.UniqueConstraint(
                fields=("module",), condition=models.Q(active=True), name="training_one_active"
            ),
        )

    def __str__(self) -> str:
        return f"{self.module} {self.number}"
