"""Messages that `KushError`s are raised with, extracted from the code."""

import ast
from collections.abc import Iterator

# A `KushError` translates its own message and those of its fields.
ERRORS = {
    "Denied", "InvalidInput", "NotFound", "NotSignedIn", "RateLimited", "TokenInvalid",
    "TooLarge", "TooSlow", "Unavailable", "UnsupportedMedia", "WrongState",
}  # fmt: skip


class ErrorTexts:
    """Extractor of a module's error messages, including those assigned to a name first."""

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.values.setdefault(node.targets[0].id, []).append(node.value)

    def texts(self) -> Iterator[ast.Constant | ast.JoinedStr]:
        for node in ast.walk(self.module):
            if isinstance(node, ast.Call) and _makes_error(node.func):
                fields = [each.value for each in node.keywords if each.arg == "fields"]
                for expression in (*node.args[:1], *fields):
                    yield from self._within(expression)

    def _within(self, expression: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
        match expression:
            case ast.JoinedStr() | ast.Constant(value=str()):
                yield expression
            case ast.Name(id=name):
                for value in self.values.get(name, []):
                    if not isinstance(value, ast.Name):
                        yield from self._within(value)
            case ast.Dict(values=parts) | ast.List(elts=parts):
                for part in parts:
                    yield from self._within(part)
            case ast.IfExp(body=body, orelse=otherwise):
                yield from (*self._within(body), *self._within(otherwise))


def _makes_error(function: ast.expr) -> bool:
    """Return whether a call makes one of the errors, or passes a message to `super().__init__`."""
    if isinstance(function, ast.Attribute) and function.attr == "__init__":
        return ast.unparse(function.value) == "super()"
    return isinstance(function, ast.Name) and function.id in ERRORS
