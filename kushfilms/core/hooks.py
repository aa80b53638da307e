"""Hooks: functions that a lower app calls and a higher app provides."""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P, R]):
    """A function with a default. A higher app registers its own in `AppConfig.ready`."""

    def __init__(self, default: Callable[P, R]) -> None:
        self._function = default

    def register(self, function: Callable[P, R]) -> None:
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._function(*args, **kwargs)
