"""A meeting in the committee's hands, its agenda and its materials."""

from __future__ import annotations
