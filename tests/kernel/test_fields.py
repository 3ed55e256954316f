"""A JSON value is read as it was written, whichever the database."""

import pytest
from django.apps import apps
from django.db.models import JSONField

from hutong.kernel.fields import JsonField
from hutong.kernel.models import OutboxEvent

pytestmark = [pytest.mark.store, pytest.mark.django_db]


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_json_comes_back_as_it_was_given(many: bool):
    body = {
        "轻度失能": 1,
        "完好": 1e22,
        "b": [0.1, 1.0, None, True],
        "a": {"nul\x00": "\x00", "half": "\ud800"},
    }
    rows = [OutboxEvent(name="test", body=body) for _ in range(1 + 2 * many)]
    if many:
        OutboxEvent.objects.bulk_create(rows)
    else:
        rows[0].save()
    for row in OutboxEvent.objects.all():
        assert repr(row.body) == repr(body)  # with the order of keys and the kinds of numbers
    row = OutboxEvent.objects.first()
    row.body = turned = {"z": 1, "a": 2, "mm": []}
    OutboxEvent.objects.bulk_update([row], ["body"])
    assert repr(OutboxEvent.objects.get(pk=row.pk).body) == repr(turned)
    OutboxEvent.objects.update(body=[])
    assert OutboxEvent.objects.get(pk=row.pk).body == []


def test_every_table_keeps_json_so():
    fields = [
        each
        for model in apps.get_models()
        for each in model._meta.fields
        if isinstance(each, JSONField) and model.__module__.startswith("hutong.")
    ]
    assert len(fields) > 40
    assert [str(each) for each in fields if not isinstance(each, JsonField)] == []
