"""The table of privacy: one row for each question that was ever paid for."""

from typing import ClassVar

from django.db import models


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
    question = models.JSONField()
    snapshot = models.CharField(max_length=250)
    micro = models.BigIntegerField()
    state = models.CharField(max_length=10)  # reserved, answered
    answer = models.JSONField(null=True)
    log_entry = models.BigIntegerField(null=True)

    class Meta:
        db_table = "privacy_question"
        indexes: ClassVar = [
            models.Index(fields=["dataset", "window", "consumer"], name="privacy_question_budget")
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ? {self.dataset}"
