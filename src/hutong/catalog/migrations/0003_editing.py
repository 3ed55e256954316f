import hutong.kernel.clock
from django.db import migrations, models


def _as_the_pack_said(apps, _schema):
    """Until now only packs wrote entries."""
    apps.get_model("catalog", "Entry").objects.filter(retired=False).update(origin_sha256=models.F("sha256"))


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProposedChange',
            fields=[
                ('proposal', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('urn', models.CharField(db_index=True, max_length=300)),
                ('kind', models.CharField(max_length=10)),
                ('change', models.CharField(max_length=8)),
                ('version', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('actor', models.CharField(max_length=300)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=hutong.kernel.clock.now)),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('actor', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=hutong.kernel.clock.now)),
                ('changes', models.JSONField(default=list)),
                ('state', models.CharField(default='open', max_length=10)),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='origin_sha256',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name='ColumnGrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=120)),
                ('column', models.CharField(max_length=120)),
                ('found', models.CharField(max_length=24)),
                ('grade', models.CharField(max_length=12)),
                ('confidence', models.FloatField()),
                ('evidence', models.JSONField(default=dict)),
                ('snapshot', models.CharField(blank=True, max_length=300)),
                ('suggested_at', models.DateTimeField(default=hutong.kernel.clock.now)),
                ('state', models.CharField(db_index=True, default='open', max_length=10)),
                ('decided', models.CharField(blank=True, max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('actor', models.CharField(blank=True, max_length=300)),
                ('decided_at', models.DateTimeField(null=True)),
                ('log_entry', models.BigIntegerField(null=True)),
            ],
            options={
                'ordering': ('table', '-confidence', 'column'),
                'constraints': [models.UniqueConstraint(fields=('table', 'column'), name='graded_once')],
            },
        ),
        migrations.RunPython(_as_the_pack_said, migrations.RunPython.noop),
    ]
