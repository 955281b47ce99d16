import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0004_bulk'),
    ]

    operations = [
        migrations.CreateModel(
            name='Searched',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='searched', serialize=False, to='desk.conversation')),
                ('last_at', models.DateTimeField()),
                ('title', django.contrib.postgres.search.SearchVectorField()),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'verbose_name_plural': 'searched',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='searched_words'), django.contrib.postgres.indexes.GinIndex(fields=['title'], name='searched_titles'), models.Index(models.OrderBy(models.F('last_at'), descending=True), name='searched_last')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('text', models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['text'], name='word_alike', opclasses=['gin_trgm_ops'])],
            },
        ),
    ]
