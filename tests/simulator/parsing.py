"""What the libraries make of an answer, compared with what came."""

from __future__ import annotations

from typing import Any

import pydantic


def lost(sent: Any, parsed: Any, path: str = "") -> list[str]:
    """Where the parsed form lacks or changes something; what it adds (false by default) is no loss."""
    if isinstance(sent, dict) and isinstance(parsed, dict):
        return [entry for name in sent for entry in lost(sent[name], parsed.get(name), f"{path}.{name}")]
    if isinstance(sent, list) and isinstance(parsed, list | tuple) and len(sent) == len(parsed):
        return [entry for n, item in enumerate(sent) for entry in lost(item, parsed[n], f"{path}[{n}]")]
    return (
        [] if sent == parsed or (sent == [] and parsed is None) else [f"{path}: {sent!r} became {parsed!r}"]
    )


def unknown(model: Any, path: str = "") -> list[str]:
    """Fields that a pydantic model has no name for, at any depth."""
    if isinstance(model, pydantic.BaseModel):
        found = [f"{path}.{name}" for name in (model.model_extra or {})]
        for name in type(model).model_fields:
            found += unknown(getattr(model, name), f"{path}.{name}")
        return found
    if isinstance(model, list):
        return [entry for item in model for entry in unknown(item, path)]
    return []
