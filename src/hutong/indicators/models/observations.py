"""What indicators were, when they were computed and from what. Rows are added; only ``current`` moves."""

from django.db import models

from hutong.kernel.fields import JsonField


class DefinitionRow(models.Model):
    """One version of an indicator, as its pack wrote it. ``digest`` is the SHA-256 of the whole body."""

    digest = models.CharField(max_length=64, unique=True)
    indicator = models.CharField(max_length=80)
    scope = models.CharField(max_length=80)
    hash = models.CharField(max_length=64, db_index=True)
    body = JsonField()
    file = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField(default=0)
    current = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("current", "indicator"), name="definition_current"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.digest[:8]}"


class ComputationRow(models.Model):
    """One run of an indicator's query. The same definition, day and snapshots are run once."""

    urn = models.CharField(max_length=240, unique=True)
    indicator = models.CharField(max_length=80)
    as_of = models.DateField()
    known_at = models.DateTimeField(null=True)
    definition = models.CharField(max_length=64)
    inputs = JsonField()
    inputs_hash = models.CharField(max_length=64)
    query_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64)
    salt = models.CharField(max_length=32, blank=True)
    points = models.PositiveIntegerField()
    entry_id = models.BigIntegerField()
    computed_at = models.DateTimeField()
    elapsed_ms = models.FloatField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "as_of", "definition", "inputs_hash"), name="computation_once"
            ),
        )
        indexes = (models.Index(fields=("as_of", "current", "indicator"), name="computation_current"),)

    def __str__(self) -> str:
        return self.urn


class ObservationRow(models.Model):
    """One value. ``dimension`` names the columns that are given, ``member`` their values; both empty: the total."""

    computation = models.ForeignKey(ComputationRow, on_delete=models.CASCADE, related_name="observations")
    period = models.DateField(null=True)
    back = models.PositiveSmallIntegerField(default=0)
    dimension = models.CharField(max_length=80, blank=True)
    member = models.CharField(max_length=240, blank=True)
    value = models.CharField(max_length=60, blank=True)
    number = models.FloatField(null=True)
    weight = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("computation", "dimension", "member", "period"), name="observation_once"
            ),
        )
        indexes = (models.Index(fields=("computation", "dimension", "back"), name="observation_read"),)

    def __str__(self) -> str:
        return f"{self.computation_id} {self.period} {self.member}"
