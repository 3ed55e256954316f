
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('posture', '0002_channel'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='alertrow',
            name='reasons',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='findingrow',
            name='facts',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='scorerow',
            name='exposure',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='scorerow',
            name='shares',
            field=hutong.kernel.fields.JsonField(),
        ),
    ]
