"""Forms in a chat: questions asked one by one, answers taken, a review, and the end."""

from __future__ import annotations
