"""Which published submissions are offered instead of a new one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dialogue import similar

PUBLISHED = dict(
    enumerate(
        (
            "Distribusi logistik ke pulau-pulau sering terlambat karena cuaca.",
            "Pencegahan politik uang perlu dimulai dari sosialisasi di tingkat RT.",
            "Daftar pemilih di perumahan baru belum mutakhir dan perlu didata ulang.",
            "Koordinasi antara Panwascam dan Polsek masih lemah saat kampanye.",
            "Masyarakat takut melapor karena tidak tahu perlindungan saksi.",
            "Hoaks dan ujaran kebencian di WhatsApp menjadi tantangan utama kami.",
            "Anggaran pengawasan partisipatif belum memadai.",
            "Partisipasi pemilih muda di kampus masih rendah.",
            "Netralitas ASN di media sosial sulit diawasi.",
            "Akses jalan ke TPS di daerah perbukitan sulit.",
            "Kurangnya saksi partai di TPS membuat pengawasan tidak merata.",
            "Saran saya, Bawaslu membuat posko aduan di setiap kelurahan.",
        )
    )
)


def found(text: str) -> list[int]:
    return [match.id for match in similar.nearest(text, PUBLISHED.items())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pengiriman logistik ke kepulauan telat akibat cuaca", 0),
        ("Cegah money politic dengan sosialisasi sampai RT", 1),
        ("Data pemilih perumahan baru tidak mutakhir", 2),
        ("Warga takut lapor, tidak tahu saksi dilindungi", 4),
        ("Hoax dan ujaran kebencian lewat WA", 5),
        ("Dana pengawasan partisipatif kurang memadai", 6),
        ("Pemilih muda di kampus kurang berpartisipasi", 7),
        ("ASN di medsos sulit diawasi netralitasnya", 8),
        ("Bawaslu perlu membuka posko pengaduan di tiap kelurahan", 11),
    ],
)
def test_the_same_in_other_words_is_found(text: str, expected: int) -> None:
    assert found(text)[:1] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Pemilih lansia perlu kursi prioritas di TPS",
        "Petugas KPPS perlu asuransi kesehatan",
        "Logistik harus dijaga polisi",
        "Saksi partai perlu honor",
        "Pengawasan dana kampanye harus terbuka",
        "Sosialisasi aturan kampanye untuk pemilih pemula",
        "Politik uang makin canggih lewat dompet digital",
        "",
        "😀",
        "dan yang di",
    ],
)
def test_what_only_touches_the_subject_is_not(text: str) -> None:
    assert found(text) == []


def test_at_most_three_are_offered_the_likest_first() -> None:
    same = [(number, "Logistik sering terlambat" + " sekali" * number) for number in range(9)]

    offered = similar.nearest("Logistik sering terlambat", same)

    assert [match.id for match in offered] == [0, 1, 2]
    assert [match.likeness for match in offered] == sorted(
        (match.likeness for match in offered), reverse=True
    )


@given(st.text(max_size=600))
def test_any_text_can_be_compared(text: str) -> None:
    for match in similar.nearest(text, PUBLISHED.items()):
        assert similar.LIKE <= match.likeness <= 1


def test_a_draft_is_not_remembered() -> None:
    similar._kept_words.cache_clear()
    list(similar.nearest("kalimat yang hanya ada di rancangan", PUBLISHED.items()))

    assert similar._kept_words.cache_info().currsize == len(PUBLISHED)
