
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_creating'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='columngrade',
            name='evidence',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='entry',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='entry',
            name='themes',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='proposedchange',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='sheet',
            name='changes',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='unfinished',
            name='given',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='version',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='version',
            name='note',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
    ]
