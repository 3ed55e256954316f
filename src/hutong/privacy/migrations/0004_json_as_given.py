
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0003_starts'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='matchrow',
            name='noise',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='questionrow',
            name='answer',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='questionrow',
            name='question',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='startrow',
            name='asked',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='startrow',
            name='error',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
    ]
