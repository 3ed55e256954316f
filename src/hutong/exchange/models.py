"""Tables of the exchange. What was decided is never altered: steps, versions and accesses are only added."""

from typing import ClassVar

from django.db import models

from hutong.kernel.fields import JsonField


class RequestRow(models.Model):
    """One request for data."""

    id = models.CharField(max_length=40, primary_key=True)
    dataset = models.CharField(max_length=120, db_index=True)
    provider = models.CharField(max_length=120, db_index=True)
    consumer = models.CharField(max_length=120, db_index=True)
    purpose = models.CharField(max_length=60)
    purpose_text = models.TextField()
    duty = models.CharField(max_length=250)
    columns = JsonField(default=list)
    where = JsonField(default=list)
    start = models.DateField()
    end = models.DateField()
    delivery = models.CharField(max_length=8)
    push_url = models.CharField(max_length=500, blank=True)
    sharing = models.CharField(max_length=16)
    state = models.CharField(max_length=12, db_index=True)
    returned_from = models.CharField(max_length=12, blank=True)
    due = models.DateField(null=True, db_index=True)
    left = models.IntegerField(null=True)
    escalated_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)  # a clock of it has ever run out
    asked_by = models.CharField(max_length=250)
    asked_at = models.DateTimeField(db_index=True)
    reason = models.TextField(blank=True)
    basis = models.TextField(blank=True)

    class Meta:
        db_table = "exchange_request"

    def __str__(self) -> str:
        return f"{self.consumer} ← {self.dataset}"


class StepRow(models.Model):
    """One thing that happened to a request."""

    request = models.CharField(max_length=40, db_index=True)
    event = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.CharField(max_length=250)
    organisation = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    log_entry = models.BigIntegerField()

    class Meta:
        db_table = "exchange_step"

    def __str__(self) -> str:
        return f"{self.request} {self.event}"


class ContractRow(models.Model):
    """One version of a contract."""

    contract = models.CharField(max_length=40)
    version = models.IntegerField()
    request = models.CharField(max_length=40, db_index=True)
    table = models.CharField(max_length=120, db_index=True)
    provider = models.CharField(max_length=120, db_index=True)
    consumer = models.CharField(max_length=120, db_index=True)
    terms = JsonField()
    terms_sha256 = models.CharField(max_length=64)
    link = models.CharField(
        max_length=60
    )  # what the keys of its hashes are derived from, beside the home's secret
    standing = models.CharField(max_length=12, db_index=True)
    signatures = JsonField(default=dict)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "exchange_contract"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "version"], name="exchange_contract_version")
        ]

    def __str__(self) -> str:
        return f"{self.contract} v{self.version}"


class LinkRow(models.Model):
    """A link group: contracts that are handed over joined."""

    id = models.CharField(max_length=40, primary_key=True)
    title = models.CharField(max_length=200)
    consumer = models.CharField(max_length=120, db_index=True)
    body = JsonField()  # contracts, keys, what was granted: what is signed
    sha256 = models.CharField(max_length=64)
    standing = models.CharField(max_length=12, db_index=True)
    signatures = JsonField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=250)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "exchange_link"

    def __str__(self) -> str:
        return self.title


class LinkMemberRow(models.Model):
    """A party or a contract of a link group, to find the group by."""

    link = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=120, db_index=True)

    class Meta:
        db_table = "exchange_link_member"

    def __str__(self) -> str:
        return f"{self.link} {self.name}"


class KeyRow(models.Model):
    """A key of a grant: only its digest is kept."""

    contract = models.CharField(max_length=40, db_index=True)
    sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=250)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_key"

    def __str__(self) -> str:
        return self.hint


class AccessRow(models.Model):
    """One access under a contract, written before the first row leaves."""

    contract = models.CharField(max_length=40)
    version = models.IntegerField()
    at = models.DateTimeField()
    day = models.DateField()
    actor = models.CharField(max_length=250)
    organisation = models.CharField(max_length=120)
    channel = models.CharField(max_length=8)
    purpose = models.CharField(max_length=60)
    asked = JsonField()
    allowed = models.BooleanField()
    reasons = JsonField(default=list)
    snapshots = JsonField(default=list)
    rows = models.BigIntegerField(default=0)
    whole = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    log_entry = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        db_table = "exchange_access"
        indexes: ClassVar = [models.Index(fields=["contract", "day"], name="exchange_access_day")]

    def __str__(self) -> str:
        return f"{self.contract} {self.at}"


class UseRow(models.Model):
    """What has left or is held under a contract on a day: the sum of its accesses, kept with them."""

    contract = models.CharField(max_length=40)
    day = models.DateField()
    rows = models.BigIntegerField(default=0)
    calls = models.BigIntegerField(default=0)

    class Meta:
        db_table = "exchange_use"
        constraints: ClassVar = [models.UniqueConstraint(fields=["contract", "day"], name="exchange_use_day")]

    def __str__(self) -> str:
        return f"{self.contract} {self.day}"


class FileRow(models.Model):
    """A file made for a contract."""

    id = models.CharField(max_length=40, primary_key=True)
    contract = models.CharField(max_length=40, db_index=True)
    version = models.IntegerField()
    form = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=250)
    organisation = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    log_entry = models.BigIntegerField(null=True)
    job = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "exchange_file"

    def __str__(self) -> str:
        return self.name


class IssueRow(models.Model):
    """A correction, a dispute or data asked back from the city."""

    id = models.CharField(max_length=40, primary_key=True)
    matter = models.CharField(max_length=12, db_index=True)
    about = models.CharField(max_length=250, db_index=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    asked_by = models.CharField(max_length=120, db_index=True)
    answers = models.CharField(max_length=120, db_index=True)
    state = models.CharField(max_length=12, db_index=True)
    due = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    person = models.CharField(max_length=250)
    answer = models.TextField(blank=True)
    result = models.CharField(max_length=250, blank=True)
    log_entry = models.BigIntegerField()

    class Meta:
        db_table = "exchange_issue"

    def __str__(self) -> str:
        return self.title
