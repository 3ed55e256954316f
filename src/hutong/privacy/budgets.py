"""What is left of a dataset's budget for a consumer: questions and runs of joint computation spend the same ε."""

from django.db.models import Sum

from hutong.kernel import clock
from hutong.privacy import rules
from hutong.privacy.models import MatchRow, QuestionRow
from hutong.privacy.types import Rule

LOCK = 0x48_55_50  # budgets are counted by one at a time


def left(rule: Rule, consumer: str) -> int:
    """Millionths of ε in this period; below zero after a budget was made smaller."""
    mine, whole = spent(rule, consumer), spent(rule)
    return min(rule.budget - mine, rule.total - whole)


def spent(rule: Rule, consumer: str = "", *, ever: bool = False) -> int:
    """Millionths of ε spent in this period, or ever, by one consumer or by all."""
    start, _renews = rules.window(rule, clock.today())
    total = 0
    for table in (QuestionRow, MatchRow):
        found = table.objects.filter(dataset=rule.dataset)
        found = found.filter(consumer=consumer) if consumer else found
        found = found if ever else found.filter(window=start)
        total += found.aggregate(sum=Sum("micro"))["sum"] or 0
    return total
