"""The receipt of an anonymous submission: its author alone holds it, and only its hash is stored."""

from __future__ import annotations

import hashlib

from bot.storage.values import ALPHABET, new_code

LENGTH = 12
"""59 bits: nobody finds one by trying, neither in the chat nor against the stored hashes."""


def new_receipt() -> str:
    """Three groups of four characters: ``K7QM-2XRD-9TWA``."""
    return spaced(new_code(LENGTH))


def spaced(code: str) -> str:
    """A receipt as people read it."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def is_receipt(text: str) -> bool:
    """Whether a text could be a receipt, however it is spaced and capitalised."""
    code = plain(text)
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def receipt_hash(receipt: str) -> str:
    """What is stored of a receipt."""
    return hashlib.sha256(plain(receipt).encode()).hexdigest()


def plain(receipt: str) -> str:
    """Its letters and digits, in capitals."""
    return "".join(letter for letter in receipt.upper() if letter.isalnum())
