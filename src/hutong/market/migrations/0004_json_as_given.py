
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0003_training'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='trainingrow',
            name='snapshots',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='trainingrow',
            name='told',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
    ]
