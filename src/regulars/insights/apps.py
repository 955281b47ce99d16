from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "regulars.insights"
    label = "insights"
