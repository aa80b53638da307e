from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "kushfilms.demo"
    label = "demo"
