"""What organisers see of a notice that went out: how far it came, who has noted it, who was told what when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.language.texts import clip, without_tags
from bot.domain.notices.broadcasts import REMINDER, read_content
from bot.domain.notices.evidence import Institution, SectorCount
from bot.i18n import Localised, Translator
from bot.storage.broadcasts import STOPPED, WITHDRAWN, Broadcast
from handlers.taps import Button, tap

PAGE = 8
"""Lines or buttons of one page."""
EXCERPT = 350
"""UTF-16 units of a notice's text above what became of it."""
NAME = 120
"""UTF-16 units of an institution's name in a list of eight."""

Sectors = Mapping[str, Localised]


def when(t: Translator, moment: datetime, zone: str) -> str:
    """``24-11-2024 09.15 WIB``."""
    return f"{moment.astimezone(ZoneInfo(zone)):%d-%m-%Y} {t.time(moment, zone)}"


def title(t: Translator, broadcast: Broadcast) -> str:
    """The first words of a notice, one line, without the office's name above an announcement."""
    content = read_content(broadcast.content)
    text = content.source or without_tags(content.text.get(t.locale) or next(iter(content.text.values()), ""))
    return " ".join(text.split())


def sign(broadcast: Broadcast) -> str:
    if broadcast.state == WITHDRAWN:
        return "🗑"
    if broadcast.state == STOPPED:
        return "⏸"
    return "🔔" if broadcast.kind == REMINDER else "📢"


def listed(
    t: Translator, found: Sequence[Broadcast], page: int, zone: str, meeting_id: int
) -> tuple[str, list[list[Button]]]:
    """A page of the notices that went out, the latest first."""
    if not found:
        return t.gettext(
            "📬 <b>What was sent</b>\n\nNothing yet. /broadcast sends an announcement, /schedule plans reminders."
        ), []
    shown = found[page * PAGE : (page + 1) * PAGE]
    rows = [
        [
            tap(
                clip(f"{sign(item)} {item.created_at.astimezone(ZoneInfo(zone)):%d-%m} {title(t, item)}", 58),
                "sent",
                item.id,
            )
        ]
        for item in shown
    ]
    text = t.ngettext(
        "📬 <b>What was sent: {count} notice</b>", "📬 <b>What was sent: {count} notices</b>", len(found)
    ).format(count=len(found))
    hint = t.gettext("Tap one to see who got it, and to change it or take it back.")
    proof = tap(t.gettext("📊 All notices, by institution (XLSX)"), "told-all", meeting_id)
    return f"{text}\n\n{hint}", [*rows, pages("sent-list", page, len(found), meeting_id), [proof]]


def pages(kind: str, page: int, count: int, *parts: int | str) -> list[Button]:
    """The row of buttons around a page."""
    row = []
    if page:
        row.append(tap("‹", kind, *parts, page - 1))
    if (page + 1) * PAGE < count:
        row.append(tap("›", kind, *parts, page + 1))
    return row


def card(
    t: Translator,
    broadcast: Broadcast,
    counts: Sequence[SectorCount],
    sectors: Sectors,
    zone: str,
    digest: str,
) -> str:
    """One notice: its beginning, its wording's mark, and what became of it in each sector; HTML."""
    kind = t.gettext("Reminder") if broadcast.kind == REMINDER else t.gettext("Announcement")
    lines = [
        f"{sign(broadcast)} <b>{kind}</b> · {when(t, broadcast.created_at, zone)}",
        f"<blockquote>{escape(clip(title(t, broadcast), EXCERPT), quote=False)}</blockquote>",
        t.gettext("Text: version {version}, mark <code>{digest}</code>").format(
            version=broadcast.version, digest=digest
        ),
    ]
    state = _state(t, broadcast)
    if state:
        lines.append(state)
    noting = bool(read_content(broadcast.content).receipt)
    total = [
        sum(values)
        for values in zip(*((c.total, c.sent, c.institutions, c.noted) for c in counts), strict=True)
    ]
    if not total:
        return "\n".join([*lines, "", t.gettext("There was nobody to send it to.")])
    lines += ["", t.gettext("<b>Received: {sent} of {total}</b>").format(sent=total[1], total=total[0])]
    if noting:
        lines.append(
            t.gettext("<b>Institutions that noted it: {noted} of {total}</b>").format(
                noted=total[3], total=total[2]
            )
        )
    lines += ["", *(_sector(t, count, sectors, noting=noting) for count in counts)]
    return "\n".join(lines)


def _state(t: Translator, broadcast: Broadcast) -> str:
    if broadcast.state == WITHDRAWN:
        return t.gettext("It was taken back.")
    if broadcast.state == STOPPED and broadcast.resumes_at is None:
        return t.gettext("It is stopped: what was not sent waits.")
    return t.gettext("It rests until the quiet hours are over.") if broadcast.state == STOPPED else ""


def _sector(t: Translator, count: SectorCount, sectors: Sectors, *, noting: bool) -> str:
    name = t.gettext("Groups and others") if count.sector is None else t.pick(sectors.get(count.sector, {}))
    line = f"{escape(name or count.sector or '')}: {count.sent}/{count.total}"
    notes = []
    if noting and count.sector is not None:
        notes.append(t.gettext("noted {noted}/{total}").format(noted=count.noted, total=count.institutions))
    if count.blocked:
        notes.append(t.gettext("not reachable {count}").format(count=count.blocked))
    if count.failed:
        notes.append(t.gettext("failed {count}").format(count=count.failed))
    return f"{line} · {', '.join(notes)}" if notes else line


def actions(
    t: Translator, broadcast: Broadcast, *, retriable: int, silent: int, waiting: int
) -> list[list[Button]]:
    """What can be done with a notice now."""
    rows: list[list[Button]] = []
    if broadcast.state == STOPPED:
        rows.append([tap(t.gettext("▶️ Go on"), "sent-go", broadcast.id)])
    elif waiting and broadcast.state != WITHDRAWN:
        rows.append([tap(t.gettext("⏸ Stop"), "sent-stop", broadcast.id)])
    if silent:
        label = t.gettext("🔕 Not noted yet: {count}").format(count=silent)
        rows.append([tap(label, "sent-silent", broadcast.id, 0)])
    if retriable and broadcast.state not in (STOPPED, WITHDRAWN):
        label = t.gettext("🔁 Try {count} again").format(count=retriable)
        rows.append([tap(label, "sent-retry", broadcast.id)])
    rows.append([tap(t.gettext("👥 By institution"), "sent-who", broadcast.id, 0)])
    if broadcast.rule_id is not None:
        rows[-1].append(tap(t.gettext("❓ Its question"), "rule-quiz", broadcast.id))
    rows.append(
        [
            tap(t.gettext("📄 Proof (PDF)"), "sent-pdf", broadcast.id),
            tap(t.gettext("📊 Proof (XLSX)"), "sent-xlsx", broadcast.id),
        ]
    )
    if broadcast.state != WITHDRAWN:
        rows.append(
            [
                tap(t.gettext("✏️ Change the text"), "sent-text", broadcast.id),
                tap(t.gettext("🗑 Take it back"), "sent-delete", broadcast.id),
            ]
        )
    return [*rows, [tap(t.gettext("‹ All that was sent"), "sent-list", broadcast.meeting_id, 0)]]


def silent_page(
    t: Translator, broadcast: Broadcast, found: Sequence[Institution], sectors: Sectors, page: int, zone: str
) -> tuple[str, list[list[Button]]]:
    """Institutions that were told and did not note it, by sector."""
    heading = t.ngettext(
        "🔕 <b>{count} institution has not noted it yet</b>",
        "🔕 <b>{count} institutions have not noted it yet</b>",
        len(found),
    ).format(count=len(found))
    lines = _institutions(t, found[page * PAGE : (page + 1) * PAGE], sectors, broadcast, zone)
    again = tap(t.gettext("🔔 Remind these institutions"), "sent-nudge", broadcast.id)
    rows = [pages("sent-silent", page, len(found), broadcast.id)]
    if found and broadcast.state != WITHDRAWN:
        rows.append([again])
    return "\n".join([heading, *lines]), [*rows, _back(t, broadcast)]


def who_page(
    t: Translator, broadcast: Broadcast, found: Sequence[Institution], sectors: Sectors, page: int, zone: str
) -> tuple[str, list[list[Button]]]:
    """Institution by institution: when it was told, when it noted it."""
    heading = t.gettext("👥 <b>Who was told when</b>")
    if not found:
        return f"{heading}\n\n" + t.gettext("It went to no institution."), [_back(t, broadcast)]
    lines = _institutions(t, found[page * PAGE : (page + 1) * PAGE], sectors, broadcast, zone)
    return "\n".join([heading, *lines]), [
        pages("sent-who", page, len(found), broadcast.id),
        _back(t, broadcast),
    ]


def _institutions(
    t: Translator, shown: Sequence[Institution], sectors: Sectors, broadcast: Broadcast, zone: str
) -> list[str]:
    lines: list[str] = []
    sector = None
    for one in shown:
        if one.sector != sector:
            sector = one.sector
            lines += ["", f"<b>{escape(t.pick(sectors.get(sector, {})) or sector)}</b>"]
        lines.append(f"• {escape(clip(one.name, NAME))}\n   {_told(t, one, broadcast, zone)}")
    return lines


def _told(t: Translator, one: Institution, broadcast: Broadcast, zone: str) -> str:
    told_at, noted_at = one.told_at, one.noted_at(broadcast.version)
    if told_at is None:
        return t.gettext("not told: cannot be reached")
    told = t.gettext("told {moment}").format(moment=when(t, told_at, zone))
    if noted_at is None:
        return told
    return told + "\n   " + t.gettext("noted {moment}").format(moment=when(t, noted_at, zone))


def _back(t: Translator, broadcast: Broadcast) -> list[Button]:
    return [tap(t.gettext("‹ Back"), "sent", broadcast.id)]
