"""Tables of the docking: how far each peer is, what was sent and received with its proof, copies, conflicts."""

from django.db import models

from hutong.kernel import clock
from hutong.kernel.fields import JsonField


class Progress(models.Model):
    """How far the exchange with a peer has come: places in the order of changes, here and there."""

    peer = models.CharField(max_length=60, primary_key=True)
    pushed = models.BigIntegerField(default=0)
    pulled = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    error = JsonField(null=True)
    report = JsonField(null=True)

    def __str__(self) -> str:
        return self.peer


class Head(models.Model):
    """The last checkpoint of a peer's log that went on from the one before, and the alarm when one did not."""

    peer = models.CharField(max_length=60, primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    at = models.DateTimeField(default=clock.now)
    alarm = JsonField(null=True)

    def __str__(self) -> str:
        return f"{self.peer} {self.size}"


class Batch(models.Model):
    """Versions that went over the line together. ``proof`` is the other side's evidence, checkpoint included."""

    peer = models.CharField(max_length=60, db_index=True)
    direction = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    items = JsonField()
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    entry = models.BigIntegerField()
    proof = JsonField(null=True)
    answer = JsonField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("peer", "direction", "sha256"), name="batch_once"),)

    def __str__(self) -> str:
        return f"{self.direction} {self.sha256[:12]}"


class Copy(models.Model):
    """The newest version of a peer's entry that came over the line, as it came."""

    peer = models.CharField(max_length=60)
    urn = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField()
    change = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    body = JsonField()
    batch = models.BigIntegerField(null=True)  # the batch it came in
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("urn",)
        constraints = (models.UniqueConstraint(fields=("peer", "urn"), name="copy_once"),)

    def __str__(self) -> str:
        return self.urn


class Conflict(models.Model):
    """An entry that both sides changed, and what became of it."""

    peer = models.CharField(max_length=60)
    urn = models.CharField(max_length=300)
    ours = models.CharField(max_length=64)
    theirs = models.CharField(max_length=64)
    body = JsonField()
    rule = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default="open", db_index=True)
    why = models.TextField(blank=True)
    actor = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=("peer", "urn", "ours", "theirs"), name="conflict_once"),
        )

    def __str__(self) -> str:
        return self.urn


class Nonce(models.Model):
    """A message that came: it is not taken twice."""

    value = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return self.value
