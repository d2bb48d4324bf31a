"""Where the files that belong to the program lie."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resources(name: str) -> Path:
    """The folder of ``locales`` or ``migrations``: inside the package in a wheel, beside it in a checkout.

    Raises:
        FileNotFoundError: neither is there, so the installation is broken.
    """
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation")
