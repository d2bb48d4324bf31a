"""What people think of what was submitted, and where the sectors agree."""

from __future__ import annotations
