"""What people type: cleaned, stemmed, corrected; phrases and times found in it."""

from __future__ import annotations
