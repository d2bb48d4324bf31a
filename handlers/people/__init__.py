"""Who comes: invitations, registration, and the committee's decisions on both."""

from __future__ import annotations
