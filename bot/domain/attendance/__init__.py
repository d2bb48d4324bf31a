"""Who is here: the desk, the code of the hall, the list and its signatures."""

from __future__ import annotations
