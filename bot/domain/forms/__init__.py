"""Forms declared as data: kinds of questions, and the pure steps of a person through them."""

from __future__ import annotations
