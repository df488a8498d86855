from django.db import migrations


def let_them_edit(apps, schema_editor):
    """Roles are the partner's data: those who shape integrations so far set promises, too."""
    for role in apps.get_model('accounts', 'Role').objects.filter(slug__in=['admin', 'engineer']):
        if 'customers.edit' not in role.permissions:
            role.permissions.append('customers.edit')
            role.save()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(let_them_edit, migrations.RunPython.noop, elidable=True),
    ]
