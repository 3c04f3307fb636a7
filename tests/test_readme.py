"""What the documents name exists: make targets, commands and their options, files, settings, images, anchors."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from bot.__main__ import app
from bot.config import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "README.vi.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = "bot|knowledge|nlp|tests|docs"
MADE_WHEN_RUN = {"var", "var/sync", "var/motcua.sqlite3", "var/cache", "var/dossier-key"}

_CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`]+)`", re.DOTALL)
_PATH = re.compile(rf"(?<![\w./@-])(?:(?:{FOLDERS})/[\w./*-]*|\.ci/\w+|var/[\w./-]+)")
_TOP_FILE = re.compile(r"(?<![\w./-])(?:README|CHANGELOG)(?:\.\w+)?\.md|(?<![\w./-])Makefile\b")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:^(?:[A-Z_]+=\S+ )*|/bin/|&& )motcua( .*|$)")
_SETTING = re.compile(r"MOTCUA_[A-Z0-9_]+")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def codes(text: str) -> Iterator[str]:
    """The lines that stand as code, in blocks or between backticks."""
    for block, inline in _CODE.findall(text):
        yield from (block or " ".join(inline.split())).splitlines()


@cache
def targets() -> frozenset[str]:
    """What make can make."""
    text = (ROOT / "Makefile").read_text("utf-8").replace("$(VENV)", ".venv")
    return frozenset(re.findall(r"^([\w./-]+):(?!=)", text, re.MULTILINE))


def make_targets(text: str) -> Iterator[str]:
    """The targets of all calls of make."""
    for line in codes(text):
        for words in re.findall(r"(?:^|&& )make((?: [\w./-]+)+)", line.partition("#")[0].rstrip()):
            yield from words.split()


def commands(text: str) -> Iterator[list[str]]:
    """The words of each call of motcua, without quoted texts and remarks."""
    for line in codes(text):
        plain = re.sub(r"\"[^\"]*\"", "TEXT", line).partition(" #")[0]
        if found := _COMMAND.search(plain):
            yield found[1].split()


def faults_of(words: list[str]) -> Iterator[str]:
    """What the command line would not understand in a call."""
    command = typer.main.get_command(app)
    rest = list(words)
    while rest and hasattr(command, "commands") and not rest[0].startswith("-"):
        name = rest.pop(0)
        if name not in command.commands:
            yield f"no command {name} in: motcua {' '.join(words)}"
            return
        command = command.commands[name]
    options = {"--help"}.union(*(p.opts + p.secondary_opts for p in command.params))
    for word in rest:
        if word.startswith("--") and word.partition("=")[0] not in options:
            yield f"no option {word} in: motcua {' '.join(words)}"


def paths(text: str) -> set[str]:
    """The files and folders of ours that a text names."""
    found = {match.rstrip(".-") for match in _PATH.findall(text)}
    return {path.rstrip("/") for path in found} | set(_TOP_FILE.findall(text))


def anchors(path: Path) -> set[str]:
    """The anchors that a reader of the repository can jump to."""
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def settings_of_commands() -> set[str]:
    """Environment variables that stand for an option."""

    def below(command) -> Iterator[str]:
        for parameter in command.params:
            names = parameter.envvar or ()
            yield from [names] if isinstance(names, str) else names
        for one in getattr(command, "commands", {}).values():
            yield from below(one)

    return set(below(typer.main.get_command(app)))


def known_settings() -> set[str]:
    """Every variable that the server or a command reads."""
    return {f"MOTCUA_{name.upper()}" for name in Settings.model_fields} | settings_of_commands()


@each_document
def test_make_targets_exist(document):
    unknown = set(make_targets(document.read_text("utf-8"))) - targets()
    assert not unknown


@each_document
def test_commands_and_options_exist(document):
    named = commands(document.read_text("utf-8"))
    assert [fault for words in named for fault in faults_of(words)] == []


@each_document
def test_files_exist(document):
    named = paths(document.read_text("utf-8")) - MADE_WHEN_RUN
    places = (ROOT, document.parent)
    missing = [one for one in named if not any(any(place.glob(one)) for place in places)]
    assert not missing


@each_document
def test_links_lead_somewhere(document):
    broken = []
    for link in _LINK.findall(document.read_text("utf-8")):
        if link.startswith(("https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        file = (document.parent / name) if name else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(link)
    assert not broken


@each_document
def test_settings_exist(document):
    known = known_settings()
    named = set(_SETTING.findall(document.read_text("utf-8")))
    # "MOTCUA_ZALO_OA_*" names a family
    unknown = {
        one
        for one in named
        if one not in known
        and not (one.endswith("_") and any(name.startswith(one) for name in known))
    }
    assert not unknown


@pytest.mark.parametrize("name", Settings.model_fields)
def test_deploying_tells_of_each_setting(name):
    text = (ROOT / "docs/deploying.md").read_text("utf-8")
    assert f"| `MOTCUA_{name.upper()}` |" in text


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_readers_see_pictures(name):
    images = _IMAGE.findall((ROOT / name).read_text("utf-8"))
    assert images
    for image in images:
        assert (ROOT / image).read_bytes().startswith(b"\x89PNG")


def test_what_running_makes_has_not_moved():
    text = (ROOT / "bot/config.py").read_text("utf-8")
    made = {path.removeprefix("var/") for path in MADE_WHEN_RUN if "/" in path} - {"sync"}
    assert [name for name in made if f'"{name}"' not in text and name not in text] == []
    assert '"var/sync"' in (ROOT / "bot/commands/syncing.py").read_text("utf-8")


def test_the_checks_find_what_is_wrong():
    """The readers above are not blind."""
    assert list(make_targets("`make walk`, `make run`")) == ["walk", "run"]
    assert [f for words in commands("`motcua draft burn`") for f in faults_of(words)]
    assert [f for words in commands("`motcua ask TEXT --loud`") for f in faults_of(words)]
    assert paths("see `bot/nowhere.py`") == {"bot/nowhere.py"}
