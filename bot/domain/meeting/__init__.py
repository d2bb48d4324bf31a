"""A meeting and its states, its agenda, its rehearsal, and its groups."""

from __future__ import annotations
