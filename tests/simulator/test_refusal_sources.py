"""Every refusal in the simulator's code has a source; those put together at run time are looked up when they come."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator import errors
from tests.simulator.refusal_sources import SOURCES, source_of

_PREFIX = {"bad_request": "Bad Request: ", "forbidden": "Forbidden: ", "conflict": "Conflict: "}
_CODE = Path(errors.__file__).parent


def _texts(part: ast.expr) -> Iterator[str]:
    """The whole texts in the argument of a refusal."""
    if isinstance(part, ast.IfExp):
        yield from _texts(part.body)
        yield from _texts(part.orelse)
    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
        yield part.value


def _refusals() -> list[tuple[str, str]]:
    found = []
    for path in sorted(_CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                prefix = _PREFIX.get(node.func.id)
                if prefix:
                    found += [(path.name, prefix + text) for text in _texts(node.args[0])]
    return found


@pytest.mark.parametrize(("file", "text"), sorted(set(_refusals())))
def test_a_refusal_has_a_source(file: str, text: str) -> None:
    assert source_of(text), file


def test_most_of_them_are_telegrams_own_words() -> None:
    ours = [pattern.pattern for pattern, source in SOURCES if "our wording" in source]

    assert len(ours) <= 4
