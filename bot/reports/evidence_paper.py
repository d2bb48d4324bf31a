"""The proof of delivery on paper."""

from __future__ import annotations

from bot.domain.notices.broadcasts import read_content
from bot.i18n import Translator
from bot.reports import evidence, fonts
from bot.reports.evidence import Proof

FONT = "DejaVu"
WIDTHS = (9, 30, 52, 42, 32, 12, 32, 40)
"""Millimetres of the columns, together less than A4 across has between its margins."""


def pdf(t: Translator, proof: Proof) -> bytes:
    """The document: figures, wording with its mark, the table, and the institutions that are silent."""
    from fpdf import FPDF

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(FONT, size=8)
            self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="C")

    page = Document(orientation="landscape", format="A4")
    page.add_font(FONT, fname=fonts.file())
    page.add_font(FONT, style="B", fname=fonts.file(bold=True))
    page.set_title(t.gettext("Proof of delivery"))
    page.set_creation_date(proof.at)
    page.set_auto_page_break(auto=True, margin=16)
    page.add_page()

    def block(text: str, *, size: int = 9, bold: bool = False, align: str = "L") -> None:
        page.set_font(FONT, style="B" if bold else "", size=size)
        page.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")

    for place, line in enumerate(evidence.heading(t, proof)):
        block(line, size=12 if place < 2 else 10, bold=place < 2, align="C")
    page.ln(4)
    for line in evidence.summary(t, proof):
        block(line)
    page.ln(3)
    for wording in proof.wordings:
        version = t.gettext("Text {version}, mark {digest}, from {moment}").format(
            version=wording.version,
            digest=wording.content.digest(),
            moment=t.moment(wording.made_at, proof.office.timezone),
        )
        block(version, bold=True)
        block(evidence.words(t, wording))
        page.ln(2)
    block(t.gettext("Everybody listed with the same text was sent the same words, in their language."))
    page.ln(3)
    page.set_font(FONT, size=8)
    with page.table(col_widths=WIDTHS, line_height=4.5, padding=0.8, text_align="LEFT") as table:
        for cells in [evidence.columns(t, proof), *evidence.lines(t, proof)]:
            row = table.row()
            for text in cells:
                row.cell(text)
    if read_content(proof.broadcast.content).receipt:
        page.ln(4)
        silent = evidence.silent(proof)
        heading = t.ngettext(
            "{count} institution has not noted it", "{count} institutions have not noted it", len(silent)
        )
        block(heading.format(count=len(silent)), bold=True)
        for one in silent:
            block(f"{evidence.sector_name(t, proof, one.sector)} · {one.name}")
    return bytes(page.output())
