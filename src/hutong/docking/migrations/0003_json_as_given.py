
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('docking', '0002_heads'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='batch',
            name='answer',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='batch',
            name='items',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='batch',
            name='proof',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='conflict',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='copy',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='head',
            name='alarm',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='progress',
            name='error',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='progress',
            name='report',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
    ]
