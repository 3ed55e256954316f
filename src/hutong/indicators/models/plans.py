"""Plans, what they promised, what was done; and plan documents under review. Nothing is deleted: ``active`` moves."""

from django.db import models

from hutong.kernel.fields import JsonField


class PlanDocument(models.Model):
    """An uploaded plan document as it was read. ``lines`` is the text that places point into."""

    class State(models.TextChoices):
        OPEN = "open"
        PUBLISHED = "published"

    hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    period_from = models.PositiveSmallIntegerField(null=True)
    period_to = models.PositiveSmallIntegerField(null=True)
    lines = JsonField()
    unread = JsonField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=240)

    def __str__(self) -> str:
        return self.title


class ExtractedItem(models.Model):
    """One thing read from a document and what a person made of it. ``original`` is what the reader found."""

    class Kind(models.TextChoices):
        INDICATOR = "indicator"
        TASK = "task"
        SYSTEM = "system"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        MENDED = "mended"
        DROPPED = "dropped"

    document = models.ForeignKey(PlanDocument, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    order = models.PositiveIntegerField()
    original = JsonField()
    data = JsonField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    decided_by = models.CharField(max_length=240, blank=True)
    decided_at = models.DateTimeField(null=True)
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "kind", "order"), name="extracted_once"),)
        ordering = ("document", "kind", "order")

    def __str__(self) -> str:
        return f"{self.kind} {self.order} of {self.document_id}"


class Plan(models.Model):
    """A plan, from a pack or from a reviewed document."""

    id = models.CharField(max_length=80, primary_key=True)
    urn = models.CharField(max_length=240, unique=True)
    title = JsonField()
    period_from = models.PositiveSmallIntegerField()
    period_to = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(PlanDocument, null=True, on_delete=models.PROTECT, related_name="plans")
    active = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.id


class PlanIndicator(models.Model):
    """One promised figure. ``computed_by`` is the id of the indicator that measures it, if there is one."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=80)
    order = models.PositiveIntegerField()
    title = JsonField()
    unit = models.CharField(max_length=40, blank=True)
    target = JsonField()
    nature = models.CharField(max_length=12, blank=True)
    baseline = JsonField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=120, blank=True)
    computed_by = models.CharField(max_length=80, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "code"), name="plan_indicator_once"),)
        ordering = ("plan", "order")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.code}"


class PlanTask(models.Model):
    """One task. ``edited`` names what a person changed, which a pack then leaves alone."""

    class State(models.TextChoices):
        TODO = "todo"
        DOING = "doing"
        DONE = "done"
        STOPPED = "stopped"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    code = models.CharField(max_length=80)
    order = models.PositiveIntegerField()
    title = JsonField()
    reference = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    deadline = models.DateField(null=True)
    systems = JsonField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.TODO)
    note = models.CharField(max_length=500, blank=True)
    evidence = JsonField(default=list)
    edited = JsonField(default=list)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=240, blank=True)
    entry_id = models.BigIntegerField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "code"), name="plan_task_once"),)
        ordering = ("plan", "order")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.code}"
