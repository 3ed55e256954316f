"""The tables of privacy: one row for each question and each side of a joint run that was ever paid for, and one for
each side that a person wrote down to be started.
"""

from typing import ClassVar

from django.db import models

from hutong.kernel.fields import JsonField


class QuestionRow(models.Model):
    """A question and what it cost, from the moment its budget was reserved; the answer once there is one."""

    digest = models.CharField(max_length=64, unique=True)  # of the question, its consumer, terms and snapshot
    dataset = models.CharField(max_length=120)
    consumer = models.CharField(max_length=120)
    contract = models.CharField(max_length=40, db_index=True)
    version = models.IntegerField()
    actor = models.CharField(max_length=250)
    purpose = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)
    window = models.DateField()
    question = JsonField()
    snapshot = models.CharField(max_length=250)
    micro = models.BigIntegerField()
    state = models.CharField(max_length=10)  # reserved, answered
    answer = JsonField(null=True)
    log_entry = models.BigIntegerField(null=True)

    class Meta:
        db_table = "privacy_question"
        indexes: ClassVar = [
            models.Index(fields=["dataset", "window", "consumer"], name="privacy_question_budget")
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ? {self.dataset}"


class MatchRow(models.Model):
    """One side of a run of joint computation, from the moment it was reserved. ``micro`` is what it was charged: where
    both sides run here, the first alone. ``noise`` is this side's own, of count and sum.
    """

    contract = models.CharField(max_length=40)
    version = models.IntegerField()
    run = models.CharField(max_length=60)
    organisation = models.CharField(max_length=120)
    dataset = models.CharField(max_length=120)
    consumer = models.CharField(max_length=120)
    actor = models.CharField(max_length=250)
    purpose = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)
    window = models.DateField()
    column = models.CharField(max_length=120)
    micro = models.BigIntegerField()
    epsilon = models.BigIntegerField()
    furthest = models.BigIntegerField()
    terms = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)
    noise = JsonField()
    state = models.CharField(max_length=10)  # reserved, done, failed
    why = models.CharField(max_length=60, default="")
    mine = models.BigIntegerField(default=0)
    common = models.BigIntegerField(null=True)
    chosen = models.BigIntegerField(null=True)
    total = models.BigIntegerField(null=True)
    match_ms = models.IntegerField(default=0)
    sum_ms = models.IntegerField(default=0)
    log_entry = models.BigIntegerField(null=True)

    class Meta:
        db_table = "privacy_match"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "run", "organisation"], name="privacy_match_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["dataset", "window", "consumer"], name="privacy_match_budget")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.contract}/{self.run}"


class StartRow(models.Model):
    """A side of a joint run that a person wrote down, and how far it is. What it costs stands in ``MatchRow``."""

    id = models.CharField(max_length=32, primary_key=True)
    contract = models.CharField(max_length=40)
    run = models.CharField(max_length=60)
    organisation = models.CharField(max_length=120)
    dataset = models.CharField(max_length=120)
    provider = models.BooleanField()
    actor = models.CharField(max_length=250)  # who started it last
    at = models.DateTimeField(db_index=True)
    asked = JsonField()
    file = models.CharField(max_length=200)
    attempt = models.IntegerField(default=0)
    state = models.CharField(max_length=10)
    job = models.CharField(max_length=120, default="")
    own = models.CharField(max_length=120, default="")
    peer = models.CharField(max_length=120, default="")
    here = models.BooleanField(default=False)
    begun = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # by when its stage is over, however it ends
    stop = models.BooleanField(default=False)
    error = JsonField(null=True)

    class Meta:
        db_table = "privacy_start"
        indexes: ClassVar = [models.Index(fields=["contract", "run"], name="privacy_start_run")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.contract}/{self.run} {self.state}"
