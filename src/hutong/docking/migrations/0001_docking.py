import hutong.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Nonce',
            fields=[
                ('value', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True, default=hutong.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('peer', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('pushed', models.BigIntegerField(default=0)),
                ('pulled', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
                ('error', models.JSONField(null=True)),
                ('report', models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('peer', models.CharField(db_index=True, max_length=60)),
                ('direction', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('items', models.JSONField()),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField()),
                ('entry', models.BigIntegerField()),
                ('proof', models.JSONField(null=True)),
                ('answer', models.JSONField(null=True)),
                ('at', models.DateTimeField(default=hutong.kernel.clock.now)),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(fields=('peer', 'direction', 'sha256'), name='batch_once')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('peer', models.CharField(max_length=60)),
                ('urn', models.CharField(max_length=300)),
                ('ours', models.CharField(max_length=64)),
                ('theirs', models.CharField(max_length=64)),
                ('body', models.JSONField()),
                ('rule', models.CharField(max_length=8)),
                ('state', models.CharField(db_index=True, default='open', max_length=8)),
                ('why', models.TextField(blank=True)),
                ('actor', models.CharField(blank=True, max_length=300)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=hutong.kernel.clock.now)),
            ],
            options={
                'ordering': ('-at',),
                'constraints': [models.UniqueConstraint(fields=('peer', 'urn', 'ours', 'theirs'), name='conflict_once')],
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('peer', models.CharField(max_length=60)),
                ('urn', models.CharField(max_length=300)),
                ('kind', models.CharField(max_length=10)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField()),
                ('change', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('body', models.JSONField()),
                ('received_at', models.DateTimeField(default=hutong.kernel.clock.now)),
            ],
            options={
                'ordering': ('urn',),
                'constraints': [models.UniqueConstraint(fields=('peer', 'urn'), name='copy_once')],
            },
        ),
    ]
