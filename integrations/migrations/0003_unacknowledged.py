from django.db import migrations, models

_RENAME = """
    UPDATE integrations_endpoint
    SET settings = (settings - '{old}') || jsonb_build_object('{new}', settings -> '{old}')
    WHERE settings ? '{old}'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('integrations', '0002_governance'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('direction', 'out'), ('interchange__isnull', False), ('state', 'delivered')), fields=['endpoint', 'updated_at'], name='message_unacknowledged'),
        ),
        migrations.RunSQL(
            _RENAME.format(old='ack_expected', new='ack_hours'),
            _RENAME.format(old='ack_hours', new='ack_expected'),
        ),
    ]
