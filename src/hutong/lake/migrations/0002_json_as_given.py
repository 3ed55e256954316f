
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('lake', '0001_initial'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='contractrow',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='loadrow',
            name='error',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='loadrow',
            name='findings',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='loadrow',
            name='reads',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='snapshotrow',
            name='columns',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='snapshotrow',
            name='files',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='snapshotrow',
            name='profile',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
    ]
