
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0004_use'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='accessrow',
            name='asked',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='accessrow',
            name='reasons',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='accessrow',
            name='snapshots',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='contractrow',
            name='signatures',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='contractrow',
            name='terms',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='linkrow',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='linkrow',
            name='signatures',
            field=hutong.kernel.fields.JsonField(default=dict),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='requestrow',
            name='columns',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='requestrow',
            name='where',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
    ]
