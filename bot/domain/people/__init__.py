"""Who comes: invitations, registration, admission, names; and what is held about them."""

from __future__ import annotations
