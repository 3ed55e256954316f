"""Tables of the log. No column of them is outside what `hutong ledger verify` re-checks, save those of WitnessRow."""

from django.db import models

CONTROL = ("ledger.key-added", "ledger.key-revoked", "ledger.lock", "ledger.unlock")


class EntryRow(models.Model):
    """One entry. ``leaf`` is what counts; the columns beside it are copies to search by."""

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=300)
    organisation = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_index=True)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    leaf_index = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "ledger_entry"
        ordering = ("id",)
        indexes = (
            models.Index(fields=("subject", "id"), name="entry_subject"),
            models.Index(fields=("kind", "id"), name="entry_kind"),
            models.Index(fields=("organisation", "id"), name="entry_organisation"),
            models.Index(
                fields=("subject", "id"), condition=models.Q(kind__in=CONTROL), name="entry_control"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class TileRow(models.Model):
    """One hash tile: up to 256 slots of 32 bytes. It only grows; a full one is never written again."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "ledger_tile"

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class CheckpointRow(models.Model):
    """One signed checkpoint. The size is the key: the log never signs two roots for one size."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.BinaryField()

    class Meta:
        db_table = "ledger_checkpoint"

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class KeptRow(models.Model):
    """Content beside the log that an entry commits to by its SHA-256, as the block hashes of a file."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField()

    class Meta:
        db_table = "ledger_kept"

    def __str__(self) -> str:
        return self.sha256


class CosignatureRow(models.Model):
    """A witness's signature line under the checkpoint of one size."""

    pk = models.CompositePrimaryKey("size", "witness")
    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    line = models.BinaryField()

    class Meta:
        db_table = "ledger_cosignature"

    def __str__(self) -> str:
        return f"{self.witness} {self.size}"


class WitnessRow(models.Model):
    """How asking a witness goes. Not evidence: nothing is proved from it, and `verify` does not look at it."""

    name = models.CharField(max_length=200, primary_key=True)
    size = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    alarm = models.TextField(blank=True)
    alarm_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_witness"

    def __str__(self) -> str:
        return self.name


class TallyRow(models.Model):
    """One label of the map: how many entries bear it, and the chain over them."""

    key = models.BinaryField(primary_key=True, max_length=32)
    count = models.BigIntegerField()
    chain = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_tally"

    def __str__(self) -> str:
        return bytes(self.key).hex()


class MapTileRow(models.Model):
    """256 hashes of the map: the subtrees below the prefix of no or one byte."""

    prefix = models.CharField(primary_key=True, max_length=2)
    data = models.BinaryField()

    class Meta:
        db_table = "ledger_map_tile"

    def __str__(self) -> str:
        return f"map tile {self.prefix}"


class MentionRow(models.Model):
    """An entry that bears a label by its payload, so that it can be found; subject and organisation are columns."""

    pk = models.CompositePrimaryKey("label", "leaf_index")
    label = models.CharField(max_length=700)
    leaf_index = models.BigIntegerField()

    class Meta:
        db_table = "ledger_mention"

    def __str__(self) -> str:
        return f"{self.label} {self.leaf_index}"
