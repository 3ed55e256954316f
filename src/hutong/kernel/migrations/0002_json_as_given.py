
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='auditrecord',
            name='detail',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='jobrun',
            name='arguments',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='jobrun',
            name='error',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='jobrun',
            name='result',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='outboxevent',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
    ]
