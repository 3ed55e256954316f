
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_words'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='package',
            name='formats',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='package',
            name='tags',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='package',
            name='themes',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
    ]
