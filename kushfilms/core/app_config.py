"""Base class of the apps' configurations."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages

from django.apps import AppConfig

# The rooms of an app whose modules register e-mails, jobs, subscribers and held data on import.
ROOMS = ("subscribers", "privacy", "mails", "services", "sync")


class KushAppConfig(AppConfig):
    """Configuration that imports the rooms whose modules register something."""

    default = False  # Django uses the configuration in `apps.py` with `default = True`.

    def ready(self) -> None:
        for room in ROOMS:
            name = f"{self.name}.{room}"
            if find_spec(name) is None:
                continue
            paths = getattr(import_module(name), "__path__", None)
            if paths is not None:
                for module in walk_packages(paths, f"{name}."):
                    import_module(module.name)
