from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_tracking'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('orders', 'orders'), ('customers', 'customers'), ('facts', 'facts')])),
                ('file_name', models.TextField()),
                ('digest', models.TextField()),
                ('size', models.BigIntegerField()),
                ('state', models.TextField(choices=[('waiting', 'waiting'), ('checking', 'checking'), ('ready', 'ready'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='waiting')),
                ('plan', models.JSONField(default=dict)),
                ('found', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('batches_done', models.IntegerField(default=0)),
                ('progress', models.FloatField(default=0)),
                ('problem', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.TextField()),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('cancelled_by', models.TextField(blank=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['-created_at', '-id'], name='import_history'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('orders', 'customers', 'facts'))), name='import_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'checking', 'ready', 'running', 'done', 'failed', 'cancelled'))), name='import_state_is_known'),
        ),
    ]
