"""The house in order: imports go one way, sizes stay readable, nobody goes round the joints."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {"nlp": {"nlp"}, "knowledge": {"knowledge"}, "bot": {"bot", "knowledge", "nlp"}}
SOURCES = [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]
LONGEST_FUNCTION = 50


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_packages_import_only_what_they_may(path):
    package = path.relative_to(ROOT).parts[0]
    used = {name.split(".")[0] for name in imports(path)} & ALLOWED.keys()
    assert used <= ALLOWED[package]


def test_nobody_imports_the_application_but_the_commands():
    for path in SOURCES:
        if "bot.app" in set(imports(path)):
            place = path.relative_to(ROOT / "bot").as_posix()
            assert place == "__main__.py" or place.startswith("commands/"), place


def test_channels_know_only_messages_and_wording():
    allowed = (
        "bot.messages",
        "bot.wording",
        "bot.channels",
        "bot.config",
        "bot.delivery",
        "bot.reception",
    )
    for path in sorted((ROOT / "bot" / "channels").glob("*.py")):
        for name in imports(path):
            if name.startswith("bot."):
                assert name.startswith(allowed), f"{path.name} imports {name}"


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_functions_fit_on_a_screen():
    own = [path for path in SOURCES if "migrations" not in path.parts]
    sizes = sorted((size, name) for path in own for name, size in functions(path))
    assert [name for size, name in sizes if size > LONGEST_FUNCTION] == []
    assert sizes[int(len(sizes) * 0.95)][0] <= 27


def test_only_settings_read_the_environment():
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if path.name != "config.py":
            assert "os.environ" not in text, path
            assert "getenv" not in text, path


def circles(graph: dict[str, set[str]]) -> list[str]:
    done: set[str] = set()
    found: list[str] = []

    def walk(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            found.append(" → ".join([*trail[trail.index(name) :], name]))
        elif name not in done:
            for other in graph.get(name, ()):
                walk(other, (*trail, name))
            done.add(name)

    for start in graph:
        walk(start, ())
    return found


def test_no_circles_between_modules():
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCES
    }
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        graph[name] = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                # "from package import module" names the module, not the package's own words.
                parts = {f"{node.module}.{alias.name}" for alias in node.names}
                graph[name] |= parts & names.keys() or {node.module}
    assert circles({name: used & graph.keys() for name, used in graph.items()}) == []
