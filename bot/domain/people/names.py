"""Finding people by name: without titles and ranks, in any order and spelling of case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

SHORTEST = 3
"""Letters that a search needs at least: fewer would list the hall."""

_KNOWN_TITLES = (
    # forms of address, of religion and of nobility
    "bapak bpk ibu sdr sdri h hj haji hajah kh ust ustad ustadz ustadzah buya tgk r rr rm ra raden pdt romo"
    # academic titles before and after the name, written with and without dots
    " prof dr drs dra drg drh ir hc phd sh se st sp si sip sik ssos ssi skom spd sag shi sth sei shum skep skm spsi"
    " sfarm spt shut sstp stp sap sab sked sds skg amd ama mh mhum mm mt msi msc ma map mpa mba mkom mpd mag mhi mkn"
    " mak mikom mpsi mkes meng msos mip mtr llm lc cn ak ca"
    # ranks of the police
    " bharada bharatu bharaka bripda briptu brigpol brigadir bripka aipda aiptu ipda iptu akp kompol akbp kombes"
    " kombespol brigjen irjen komjen pol"
    # ranks and corps of the forces
    " prada pratu praka kopda koptu kopka serda sertu serka serma pelda peltu letda lettu kapten kapt mayor letkol"
    " kolonel mayjen letjen laksma laksda laksdya marsma marsda marsdya inf kav arm arh czi chb cba cpl ckm caj cpm"
    " cku chk ctp mar pnb tek adm purn"
)
_TITLES = frozenset(_KNOWN_TITLES.split())


def folded(text: str) -> str:
    """For comparing: small letters without accents, digits and letters only, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without titles and ranks; all of them when it has nothing else.

    ``Kompol Dr. H. Budi Santoso, S.H., M.Si.`` gives ``("budi", "santoso")``.
    """
    pieces = name.replace(",", " , ").split()
    kept: list[str] = []
    skipped_until = 0
    for place, piece in enumerate(pieces):
        if place < skipped_until:
            continue
        together = folded("".join(pieces[place : place + 2])).replace(" ", "")
        if re.fullmatch(r"[^\W\d_]{1,2}\.", piece) and len(together) > 1 and together in _TITLES:
            skipped_until = place + 2  # "S. H.", "M. Si."
            continue
        if folded(piece).replace(" ", "") in _TITLES:
            continue
        kept.extend(word for word in folded(piece).split() if word not in _TITLES)
    return tuple(kept) or tuple(folded(name).split())


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for titles, order and case."""
    return sorted(words(one)) == sorted(words(other))


def nearly_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names (:func:`words`) have as many words, and these differ by a letter each at most.

    An initial stands for any word that begins with it: *M. Ali* for *Muhammad Ali*.
    """
    left = list(other)
    if len(one) != len(left) or not one:
        return False
    for word in one:
        found = next((item for item in left if word == item or _is_near(word, item)), None)
        if found is None:
            short = [item for item in left if min(len(item), len(word)) == 1 and item[0] == word[0]]
            found = short[0] if short else None
        if found is None:
            return False
        left.remove(found)
    return True


def searchable(name: str) -> str:
    """A name as the tables keep it for searching: its words (:func:`words`), each with a blank before it."""
    return "".join(f" {word}" for word in words(name))


def fragments(word: str) -> list[str]:
    """What a kept name (:func:`searchable`, with a blank at its end) holds one of when a word of it is near ``word``.

    One wrong letter leaves one half of a word whole, but for two swapped in its middle.
    """
    if len(word) <= SHORTEST:
        return [f" {word}"]
    half = len(word) // 2
    swapped = word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :]
    return [f" {word[:half]}", f"{word[half:]} ", f" {swapped} "]


def is_enough(query: str) -> bool:
    """Whether a search says enough: one of its words has at least :data:`SHORTEST` letters."""
    return any(len(word) >= SHORTEST for word in words(query))


def beginning(query: str, people: Iterable[tuple[T, tuple[str, ...]]]) -> list[T]:
    """Who has all the words of ``query``, in any order, of people whose names are given as :func:`words`.

    A word may be cut short. Nearest first: whole words, then beginnings of words, each by name.
    """
    wanted = words(query)
    hits = [
        (sum(word not in name for word in wanted), name, item)
        for item, name in people
        if _begins(wanted, name)
    ]
    return [item for _, _, item in sorted(hits, key=lambda hit: hit[:2])]


def resembling(query: str, people: Iterable[tuple[T, tuple[str, ...]]]) -> list[T]:
    """As :func:`beginning`, though a letter in each word may be wrong: *Rachmat* for *Rahmat*; by name."""
    wanted = words(query)
    hits = [(name, item) for item, name in people if _resembles(wanted, name)]
    return [item for _, item in sorted(hits, key=lambda hit: hit[0])]


def _begins(wanted: Sequence[str], name: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in wanted)


def _resembles(wanted: Sequence[str], name: Sequence[str]) -> bool:
    return all(any(word.startswith(part) or _is_near(part, word) for word in name) for part in wanted)


def _is_near(one: str, other: str) -> bool:
    """Whether two words of at least four letters differ by one letter: missing, added, another, or swapped."""
    if min(len(one), len(other)) <= SHORTEST or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
