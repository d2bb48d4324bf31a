"""What can go wrong with the pages; apart from the server, which is loaded late."""

from __future__ import annotations


class PortTaken(Exception):
    """The address cannot be listened on; the text says which."""
