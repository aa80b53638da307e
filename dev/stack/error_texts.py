"""The sentences that `KushError`s are raised with, read from the code."""

import ast
from collections.abc import Iterator

# A `KushError` translates its own message and those of its fields.
REFUSALS = {"Denied", "InvalidInput", "NotFound", "NotSignedIn", "RateLimited", "TokenInvalid",
            "TooLarge", "TooSlow", "Unavailable", "UnsupportedMedia", "WrongState"}  # fmt: skip


class Refused:
    """The texts of a module's refusals, also those that got a name first."""

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.named: dict[str, list[ast.expr]] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.named.setdefault(node.targets[0].id, []).append(node.value)

    def texts(self) -> Iterator[ast.Constant | ast.JoinedStr]:
        for node in ast.walk(self.module):
            if isinstance(node, ast.Call) and _refuses(node.func):
                fields = [each.value for each in node.keywords if each.arg == "fields"]
                for told in (*node.args[:1], *fields):
                    yield from self._within(told)

    def _within(self, told: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
        match told:
            case ast.JoinedStr() | ast.Constant(value=str()):
                yield told
            case ast.Name(id=name):
                for value in self.named.get(name, []):
                    if not isinstance(value, ast.Name):
                        yield from self._within(value)
            case ast.Dict(values=parts) | ast.List(elts=parts):
                for part in parts:
                    yield from self._within(part)
            case ast.IfExp(body=body, orelse=otherwise):
                yield from (*self._within(body), *self._within(otherwise))


def _refuses(called: ast.expr) -> bool:
    """One of them by name, or a class of one's own that says its sentence to its parent."""
    if isinstance(called, ast.Attribute) and called.attr == "__init__":
        return ast.unparse(called.value) == "super()"
    return isinstance(called, ast.Name) and called.id in REFUSALS
