"""The page that is hung up in the hall."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from bot.i18n import translator
from bot.reports.hall_poster import Poster, page
from bot.storage.hall_codes import HallCode
from tests.reports.test_attendance import NOW, OFFICE, a_meeting


def test_the_poster_says_the_code_how_and_until_when() -> None:
    code = HallCode(2, "K7QM", NOW, NOW + timedelta(hours=1))
    content = page(translator("id"), Poster(OFFICE, None, a_meeting("Asia/Makassar"), code, "rakor_bot"))

    [sheet] = PdfReader(BytesIO(content)).pages
    text = " ".join(sheet.extract_text().split())
    for part in (
        "BAWASLU KOTA PALEMBANG",
        "Rakor",
        "Catat kehadiran Anda sendiri",
        "K 7 Q M",
        "tulis K7QM kepada @rakor_bot di Telegram",
        "Berlaku Selasa, 6 Agustus 2024, 10.05 WITA sampai 11.05 WITA.",
    ):
        assert part in text
    assert len(sheet.images) == 1
