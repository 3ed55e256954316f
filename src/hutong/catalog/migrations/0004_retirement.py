from django.db import migrations, models

from hutong.catalog import search


def findable(apps, _schema_editor):
    """Entries retired before could not be found at all; from now on they are, by whoever asks for them."""
    for row in apps.get_model("catalog", "Entry").objects.filter(retired=True):
        search.put(row.urn, f"{row.title_zh} {row.title_en}", f"{row.summary_zh} {row.summary_en}")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_editing")]
    operations = [
        migrations.AddField("version", "note", models.JSONField(default=dict)),
        migrations.AlterField(
            "searchtext", "urn", models.CharField(max_length=400, primary_key=True, serialize=False)
        ),
        migrations.RunPython(findable, migrations.RunPython.noop),
    ]
