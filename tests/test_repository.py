"""What every file of the repository keeps to, whoever writes it."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a package registry's host": re.compile(
        "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.", "registry" + r"\.npm"))
    ),
    "a folder of somebody's machine": re.compile(
        r"(?<![\w.])/(?:" + "|".join(("home/" + r"\w", "Users/" + r"\w", "work" + "/", "root" + "/")) + ")"
    ),
    "a token of a real bot": re.compile(r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Name and content of every tracked text file."""
    found = []
    for path in tracked():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    found = [
        f"{name}:{number}"
        for name, content in texts()
        for number, line in enumerate(content.splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    registry, folder, token = FORBIDDEN.values()
    assert registry.search("https://files.python" + "hosted.org/x") is not None
    assert folder.search("see /" + "work/main") is not None
    assert folder.search("https://example.org/" + "work/") is None
    assert token.search("123456789:AA" + "x" * 33) is not None


def test_nothing_that_is_made_is_kept() -> None:
    made = [path.name for path in tracked() if path.suffix in {".mo", ".pot", ".pyc", ".db", ".whl", ".log"}]
    assert made == []


def test_constraints_hold_pinned_names_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line)] == []
    names = [line.partition("==")[0].lower() for line in lines]
    assert names == sorted(names)


def test_every_dependency_is_constrained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pinned = {
        _plain(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }

    assert sorted({_plain(Requirement(line).name) for line in wanted} - pinned) == []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_command_of_the_house_is_explained() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony is not None
    explained = re.findall(r"^\t@echo 'make (\S+)", text, re.MULTILINE)

    assert sorted([*explained, "help"]) == sorted(phony[1].split())


def test_the_check_of_a_change_can_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_file_of_settings_is_ignored() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", ".env", "var/rakor.db", ".venv/x", "dist/x.whl"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ignored.stdout.split() == [".env", "var/rakor.db", ".venv/x", "dist/x.whl"]
