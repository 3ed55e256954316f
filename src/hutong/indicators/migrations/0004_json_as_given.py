
import hutong.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0003_salt'),
    ]

    operations = [
        hutong.kernel.fields.KeepJson(
            model_name='computationrow',
            name='inputs',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='definitionrow',
            name='body',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='extracteditem',
            name='data',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='extracteditem',
            name='original',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plan',
            name='title',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plandocument',
            name='lines',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plandocument',
            name='unread',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='planindicator',
            name='baseline',
            field=hutong.kernel.fields.JsonField(null=True),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='planindicator',
            name='target',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='planindicator',
            name='title',
            field=hutong.kernel.fields.JsonField(),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plantask',
            name='edited',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plantask',
            name='evidence',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plantask',
            name='systems',
            field=hutong.kernel.fields.JsonField(default=list),
        ),
        hutong.kernel.fields.KeepJson(
            model_name='plantask',
            name='title',
            field=hutong.kernel.fields.JsonField(),
        ),
    ]
