"""What the documentation says is there: commands, buttons, settings, files."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.cli import main
from bot.settings import Settings
from handlers.journeys import JOURNEYS
from handlers.routing import Audience

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDES = {"id": ROOT / "docs/panduan-panitia.md", "en": ROOT / "docs/organiser-guide.md"}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

TELEGRAMS_OWN = {"newbot", "mybots", "your"}
"""Commands to @BotFather."""
NOT_BUTTONS = {
    "id": {"seperti ini", "tautan undangan", "Menu"},
    "en": {"like this", "invitation link", "Menu"},
}

_COMMAND = re.compile(r"`/([a-z]+)(?: [^`]*)?`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def names(page: Path) -> set[str]:
    """The chat commands that a page mentions."""
    return set(_COMMAND.findall(page.read_text()))


COMMANDS = [command for journey in JOURNEYS for command in journey.commands]
EVERY_NAME = {name for command in COMMANDS for name in command.names}


@pytest.mark.parametrize("page", [README, *GUIDES.values()], ids=lambda page: page.name)
def test_only_commands_that_exist_are_mentioned(page: Path) -> None:
    assert names(page) - EVERY_NAME - TELEGRAMS_OWN == set()


def test_the_readme_has_every_command_by_each_of_its_names() -> None:
    assert EVERY_NAME - names(README) == set()


@pytest.mark.parametrize(("locale", "place"), [("id", 0), ("en", 1)])
def test_each_guide_ends_with_every_command_in_its_language(locale: str, place: int) -> None:
    expected = {
        command.names[0]
        if Audience.HIDDEN in command.menus
        else command.names[min(place, len(command.names) - 1)]
        for command in COMMANDS
    }
    listed = GUIDES[locale].read_text().rpartition("\n## ")[2]
    assert expected - set(_COMMAND.findall(listed)) == set()


def _texts(locale: str) -> set[str]:
    """Every text of the program in a language, the English being the message ids."""
    with (ROOT / f"locales/{locale}/LC_MESSAGES/rakor.po").open("rb") as file:
        catalogue = read_po(file)
    entries = [message.id if locale == "en" else message.string for message in catalogue]
    return {
        text for entry in entries for text in (entry if isinstance(entry, tuple | list) else (entry,)) if text
    }


@pytest.mark.parametrize("locale", ["id", "en"])
def test_a_guide_names_buttons_as_they_are(locale: str) -> None:
    texts = _texts(locale)
    unknown = set()
    # What ends with a full stop in bold begins a paragraph; the rest are buttons, cut at … where a value follows.
    for bold in _BOLD.findall(GUIDES[locale].read_text()):
        label = bold.replace("\n", " ")
        if label.endswith(".") or label in NOT_BUTTONS[locale]:
            continue
        start = label.removesuffix("…")
        found = any(text.startswith(start + "{") for text in texts) if start != label else label in texts
        if not found:
            unknown.add(label)
    assert unknown == set()


def test_both_guides_have_the_same_parts() -> None:
    shapes = [
        [
            (line.split(" ")[0] if line.startswith("#") else line.count("|"))
            for line in page.read_text().splitlines()
        ]
        for page in GUIDES.values()
    ]
    headings, tables = (
        [[mark for mark in shape if isinstance(mark, kind) and mark] for shape in shapes]
        for kind in (str, int)
    )
    assert headings[0] == headings[1]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [link.partition("#")[0] for link in _LINK.findall(page.read_text()) if "://" not in link]
    missing = [target for target in targets if target and not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_headings_lead_to_one(page: Path) -> None:
    missing = []
    for link in _LINK.findall(page.read_text()):
        file, _, anchor = link.partition("#")
        if anchor and "://" not in link:
            headings = re.findall(
                r"^#+ (.+)$", ((page.parent / file) if file else page).read_text(), re.MULTILINE
            )
            anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            if anchor not in anchors:
                missing.append(link)
    assert missing == []


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in _LINK.findall(page.read_text())
        if link.endswith(".png")
    }
    assert {picture.resolve() for picture in (ROOT / "docs/images").glob("*.png")} == shown


def test_the_readme_has_the_settings_of_the_example_in_its_order() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", README.read_text(), re.MULTILINE)
    example = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert documented == example
    assert {name.lower() for name in documented} == set(Settings.model_fields)


def test_commands_of_the_computer_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    known = set(re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE))

    mentioned = set()
    for page in PAGES:
        mentioned |= set(re.findall(r"(?:bin/|`|^    |\$ )rakor ([a-z]+)", page.read_text(), re.MULTILINE))
    assert mentioned - known == set()
    assert known == set(inspect.cleandoc(_listed()).split(" | "))


def _listed() -> str:
    """The commands as the README lists them, without their arguments."""
    found = re.search(r"`rakor (run[^`]+)`", README.read_text())
    assert found is not None
    return " | ".join(part.split()[0] for part in found[1].split(" | "))


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    mentioned = set()
    for page in PAGES:
        mentioned |= set(re.findall(r"(?:^    +|`|&& )make ([a-z-]+)", page.read_text(), re.MULTILINE))
    assert mentioned - targets == set()
