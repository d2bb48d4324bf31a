"""Proof of delivery (bukti penyampaian): who was told which notice when, in which words, and who has noted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.language.texts import clip, without_tags
from bot.domain.notices import delivery_control, evidence
from bot.domain.notices.broadcasts import read_content
from bot.domain.notices.delivery_control import Wording
from bot.domain.notices.evidence import Institution, Notice
from bot.i18n import Localised, Translator, zone_name
from bot.reports.maker import Arguments, Maker
from bot.reports.sheets import Sheet, workbook
from bot.storage import broadcasts, deliveries, meetings, offices, receipts
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.receipts import Told

MOST_NOTICES = 60
"""Columns of the table of all notices; older ones are left out."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof of one notice says."""

    office: Office
    meeting: Meeting
    broadcast: Broadcast
    sectors: Mapping[str, Localised]
    told: Sequence[Told]
    wordings: Sequence[Wording]
    at: datetime
    """The moment that the proof stands for."""


@dataclass(frozen=True, slots=True)
class Register:
    """Every notice of a meeting with its recipients."""

    office: Office
    meeting: Meeting
    sectors: Mapping[str, Localised]
    notices: Sequence[Notice]
    at: datetime


async def gather(tx: Transaction, arguments: Arguments) -> Proof | None:
    """The proof of the broadcast ``arguments["broadcast"]``, made at ``arguments["at"]`` (seconds since 1970)."""
    broadcast = await broadcasts.find(tx, arguments["broadcast"])
    if broadcast is None:
        return None
    meeting = await meetings.find(tx, broadcast.meeting_id)
    office = await offices.find(tx, broadcast.office_id)
    assert meeting is not None
    assert office is not None
    return Proof(
        office,
        meeting,
        broadcast,
        {sector.code: sector.name for sector in await offices.sectors(tx, office.id)},
        await receipts.told(tx, broadcast.id),
        await delivery_control.wordings(tx, broadcast),
        datetime.fromtimestamp(arguments["at"], UTC),
    )


async def gather_all(tx: Transaction, arguments: Arguments) -> Register | None:
    """The register of the meeting ``arguments["meeting"]``, made at ``arguments["at"]`` (seconds since 1970)."""
    meeting = await meetings.find(tx, arguments["meeting"])
    if meeting is None:
        return None
    office = await offices.find(tx, meeting.office_id)
    assert office is not None
    sectors = {sector.code: sector.name for sector in await offices.sectors(tx, office.id)}
    found = await evidence.register(tx, meeting.id)
    return Register(
        office, meeting, sectors, found[-MOST_NOTICES:], datetime.fromtimestamp(arguments["at"], UTC)
    )


def stamp(moment: datetime | None, zone: str) -> str:
    """``24-11-2024 09.15``; empty for None."""
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%d-%m-%Y %H.%M}"


def heading(t: Translator, proof: Proof) -> list[str]:
    """The lines above the table, on the sheet and on paper."""
    zone = proof.office.timezone
    return [
        proof.office.name.upper(),
        t.gettext("PROOF OF DELIVERY"),
        t.pick(proof.meeting.title),
        t.gettext("Sent off {sent}; as of {moment}").format(
            sent=t.moment(proof.broadcast.created_at, zone), moment=t.moment(proof.at, zone)
        ),
    ]


def summary(t: Translator, proof: Proof) -> list[str]:
    """The figures of each sector and of all, a line each."""
    noting = bool(read_content(proof.broadcast.content).receipt)
    lines = []
    for count in evidence.by_sector(proof.told, proof.broadcast.version):
        name = sector_name(t, proof, count.sector)
        figures = t.gettext("received {sent} of {total}").format(sent=count.sent, total=count.total)
        if noting and count.sector is not None:
            figures += t.gettext(", noted by {noted} of {institutions} institutions").format(
                noted=count.noted, institutions=count.institutions
            )
        if count.blocked or count.failed:
            figures += t.gettext(", not delivered {count}").format(count=count.blocked + count.failed)
        lines.append(f"{name}: {figures}")
    return lines


def sector_name(t: Translator, proof: Proof, sector: str | None) -> str:
    return (
        t.gettext("Groups and others") if sector is None else t.pick(proof.sectors.get(sector, {})) or sector
    )


def columns(t: Translator, proof: Proof) -> list[str]:
    zone = zone_name(proof.at, proof.office.timezone)
    return [
        t.gettext("No."),
        t.gettext("Group"),
        t.gettext("Institution"),
        t.gettext("Delegate"),
        t.gettext("Told ({zone})").format(zone=zone),
        t.gettext("Text"),
        t.gettext("Noted ({zone})").format(zone=zone),
        t.gettext("Remark"),
    ]


def lines(t: Translator, proof: Proof) -> list[list[str]]:
    """The table: a line a chat."""
    zone = proof.office.timezone
    return [
        [
            str(place),
            sector_name(t, proof, item.sector),
            item.institution,
            item.name,
            stamp(item.sent_at, zone),
            "" if item.version is None else str(item.version),
            stamp(item.noted_at, zone),
            remark(t, item, proof.broadcast.version),
        ]
        for place, item in enumerate(proof.told, 1)
    ]


def remark(t: Translator, item: Told, version: int) -> str:
    """What else is to be said of one chat."""
    known = {
        deliveries.BLOCKED: t.gettext("Could not be reached"),
        deliveries.FAILED: t.gettext("Could not be sent"),
        deliveries.DELETED: t.gettext("Taken back"),
        deliveries.DROPPED: t.gettext("Taken back before it was sent"),
        deliveries.HELD: t.gettext("Stopped"),
    }
    if item.state in known and not (item.state == deliveries.HELD and item.sent_at is not None):
        return known[item.state]
    if item.sent_at is None:
        return t.gettext("Waits to be sent")
    if item.noted_version is not None and item.noted_version < version:
        return t.gettext("Noted the former text")
    return t.gettext("Has the former text") if item.version is not None and item.version < version else ""


def sheet(t: Translator, proof: Proof) -> bytes:
    """An XLSX file: the figures by sector, the table, and every wording with its mark."""
    return workbook(
        t.gettext("Proof of delivery"),
        proof.office.name,
        [
            Sheet(
                t.gettext("Delivery"),
                heading(t, proof),
                columns(t, proof),
                (5, 20, 34, 28, 17, 6, 17, 24),
                lines(t, proof),
            ),
            Sheet(
                t.gettext("By group"),
                heading(t, proof)[:2],
                [t.gettext("Group and figures")],
                (100,),
                [[line] for line in summary(t, proof)],
            ),
            Sheet(
                t.gettext("Wording"),
                heading(t, proof)[:2],
                [t.gettext("Text"), t.gettext("From"), t.gettext("Mark"), t.gettext("Words")],
                (6, 17, 16, 100),
                [
                    [
                        str(item.version),
                        stamp(item.made_at, proof.office.timezone),
                        item.content.digest(),
                        words(t, item),
                    ]
                    for item in proof.wordings
                ],
            ),
        ],
    )


def words(t: Translator, item: Wording) -> str:
    """The text as it went out in the reader's language."""
    text = item.content.text
    return without_tags(text.get(t.locale) or next(iter(text.values()), ""))


def all_sheet(t: Translator, register: Register) -> bytes:
    """An XLSX file: institution by institution when it was told which notice, and the notices with their marks."""
    zone = register.office.timezone
    top = [
        register.office.name.upper(),
        t.gettext("WHO WAS TOLD WHAT"),
        t.pick(register.meeting.title),
        t.gettext("As of {moment}").format(moment=t.moment(register.at, zone)),
    ]
    table = [
        [t.pick(register.sectors.get(sector, {})) or sector, name]
        + [stamp(at, zone) or "–" for at in moments]
        for sector, name, moments in evidence.told_alike(register.notices)
    ]
    contents = [(notice.broadcast, read_content(notice.broadcast.content)) for notice in register.notices]
    listed = [
        [
            str(place),
            stamp(broadcast.created_at, zone),
            content.digest(),
            clip(
                without_tags(content.text.get(t.locale) or next(iter(content.text.values()), "")).replace(
                    "\n", " "
                ),
                400,
            ),
        ]
        for place, (broadcast, content) in enumerate(contents, 1)
    ]
    numbers = [str(place) for place in range(1, len(listed) + 1)]
    return workbook(
        t.gettext("Who was told what"),
        register.office.name,
        [
            Sheet(
                t.gettext("By institution"),
                top,
                [t.gettext("Group"), t.gettext("Institution"), *numbers],
                (20, 36, *(17 for _ in numbers)),
                table,
            ),
            Sheet(
                t.gettext("Notices"),
                top,
                [t.gettext("No."), t.gettext("Sent off"), t.gettext("Mark"), t.gettext("Words")],
                (6, 17, 16, 100),
                listed,
            ),
        ],
    )


def paper(t: Translator, proof: Proof) -> bytes:
    """The same as a PDF, to be put behind a report."""
    from bot.reports.evidence_paper import pdf

    return pdf(t, proof)


def silent(proof: Proof) -> list[Institution]:
    """The institutions that were told and have not noted it."""
    return evidence.silent(proof.told, proof.broadcast.version)


SHEET = Maker("proof-xlsx", gather, sheet)
PROOF = Maker("proof-pdf", gather, paper)
ALL_SHEET = Maker("told-xlsx", gather_all, all_sheet)
