"""Figures of the code itself: circles of imports, names, prose, and the sizes of functions.

    python -m tests.house.figures [FOLDER]

Counts the Python of the product and of its tools without tests and migrations. `test_figures.py`
holds the figures that have a limit.
"""

from __future__ import annotations

import ast
import io
import re
import statistics
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "billing", "catalog", "streaming")
PACKAGES = ("kushfilms", *APPS)
# Words that describe people talking instead of code working. Peers of this size use them 0.0 to
# 0.1 times per 1,000 words of prose.
HOUSE_WORDS = re.compile(
    r"\b(told|said|spoken|heard|nobody|somebody|everybody|whoever|anew|meanwhile|theirs|hangs on"
    r"|wish|wishes|wished|letters?)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
INTERROGATIVE = re.compile(
    r"(What|Who|Whose|Whom|How|Where|When|Whether|Which|Why|Whoever|Whatever|Nobody|Somebody"
    r"|Everybody|Nothing)\b"
)
# Words in -ing that are nouns of the field.
NOUNS = {
    "billing", "decoding", "drawing", "encoding", "hardening", "hashing", "lettering", "morning",
    "packaging", "rendering", "signing", "streaming", "watching",
}  # fmt: skip


@dataclass(frozen=True)
class Module:
    path: Path
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def lines(self) -> int:
        return self.source.count("\n")

    @cached_property
    def comments(self) -> list[str]:
        tokens = tokenize.generate_tokens(io.StringIO(self.source).readline)
        return [token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT]

    @property
    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [node for node in self.nodes if isinstance(node, kinds)]

    @cached_property
    def docstrings(self) -> list[str]:
        """Docstrings of the functions and classes."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        found = (ast.get_docstring(node) for node in self.nodes if isinstance(node, kinds))
        return [text for text in found if text]

    @cached_property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    @property
    def prose(self) -> Iterator[str]:
        yield self.docstring
        yield from self.docstrings
        yield from (
            text for text in self.comments if not text.startswith(("noqa", "type:", "fmt:"))
        )


def modules(root: Path = ROOT, *, packages: Iterable[str] = PACKAGES) -> list[Module]:
    """Read the modules of the packages, without tests and migrations."""
    paths = (path for package in packages for path in sorted((root / package).rglob("*.py")))
    skipped = {"tests", "migrations", "formats"}
    return [
        Module(path.relative_to(root), path.read_text(encoding="utf-8"))
        for path in paths
        if not skipped & set(path.relative_to(root).parts)
    ]


def circles(packages: Iterable[str] = (*PACKAGES, "dev")) -> list[set[str]]:
    """Return the groups of modules that import each other, found by Tarjan's algorithm."""
    graph = grimp.build_graph(*packages)
    names = {name for name in graph.modules if ".tests" not in name and ".migrations" not in name}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in graph.find_modules_directly_imported_by(name) & names:
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            group = set(stack[stack.index(name) :])
            del stack[stack.index(name) :]
            if len(group) > 1:
                groups.append(group)

    for name in sorted(names):
        if name not in index:
            visit(name)
    return groups


def house_words(found: Iterable[Module]) -> tuple[int, int]:
    """Return how many house words there are, of how many words of prose."""
    texts = [text for module in found for text in module.prose]
    house = sum(len(HOUSE_WORDS.findall(text)) for text in texts)
    return house, sum(len(WORD.findall(text)) for text in texts)


def interrogative_docstrings(found: Iterable[Module]) -> list[str]:
    """Return the first lines of docstrings that open with a question word or a pronoun."""
    return [
        f"{module.path}: {text.splitlines()[0]}"
        for module in found
        for text in (module.docstring, *module.docstrings)
        if INTERROGATIVE.match(text)
    ]


def single_use_helpers(found: Iterable[Module]) -> tuple[int, int]:
    """Return how many private functions of modules are used once, and how many exist."""
    total = once = 0
    for module in found:
        private = {
            node.name
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef)
            and node.name.startswith("_")
            and not node.name.startswith("__")
            and not node.decorator_list
        }
        used = Counter(node.id for node in module.nodes if isinstance(node, ast.Name))
        total += len(private)
        once += sum(used[name] == 1 for name in private)
    return once, total


def tuple_assignments(found: Iterable[Module]) -> int:
    """Count `a, b = x, y`, which packs two assignments into one line."""
    return sum(
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)
        and isinstance(node.value, ast.Tuple)
        for module in found
        for node in module.nodes
    )


def gerund_modules(found: Iterable[Module]) -> list[str]:
    return [
        str(module.path)
        for module in found
        if module.path.stem.endswith("ing") and module.path.stem.rpartition("_")[2] not in NOUNS
    ]


def fmt_skips(found: Iterable[Module]) -> int:
    return sum("fmt: skip" in text for module in found for text in module.comments)


def function_lengths(found: Iterable[Module]) -> list[int]:
    return sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for module in found
        for node in module.functions
    )


def root_entries(root: Path = ROOT) -> dict[str, int]:
    """Count what lies directly in each app's folder."""
    return {
        app: sum(not path.name.startswith(("__", ".")) for path in (root / app).iterdir())
        for app in APPS
    }


def repeated_public_names(found: Iterable[Module]) -> dict[str, list[str]]:
    """Return the public functions and classes that two modules of one app define.

    Django names the classes of management commands.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for module in found:
        app = module.path.parts[0]
        if "management" in module.path.parts:
            continue
        for node in module.tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                places.setdefault((app, node.name), []).append(str(module.path))
    return {
        f"{app}.{name}": paths for (app, name), paths in sorted(places.items()) if len(paths) > 1
    }


def report(root: Path) -> None:
    found = modules(root)
    lines = sum(module.lines for module in found)
    lengths = function_lengths(found)
    house, words = house_words(found)
    once, helpers = single_use_helpers(found)
    deciles = statistics.quantiles(lengths, n=100)
    rows: list[tuple[str, object]] = [
        ("modules, lines", f"{len(found)}, {lines}"),
        ("circles of imports", len(circles()) if root == ROOT else "-"),
        ("function length: median, p90, p99, longest",
         f"{deciles[49]:.0f}, {deciles[89]:.0f}, {deciles[98]:.0f}, {lengths[-1]}"),
        ("house words per 1,000 words", f"{1000 * house / words:.2f} ({house} of {words})"),
        ("interrogative docstrings", len(interrogative_docstrings(found))),
        ("private helpers used once", f"{once} of {helpers}"),
        ("a, b = x, y per 1,000 lines", f"{1000 * tuple_assignments(found) / lines:.1f}"),
        ("fmt: skip", fmt_skips(found)),
        ("modules named by a gerund", len(gerund_modules(found))),
        ("public names defined twice in an app", len(repeated_public_names(found))),
        ("entries at app roots", root_entries(root)),
    ]  # fmt: skip
    for name, value in rows:
        print(f"{name:<45} {value}")  # noqa: T201  a command's output


if __name__ == "__main__":
    report(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
