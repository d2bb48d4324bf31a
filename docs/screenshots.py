"""Makes the pictures in docs/images from the running demo: ``python -m docs.screenshots``.

People use the chat page as they would in the hall, on the day and at the hour of the sample meeting; every picture
shows what they see at that point. Chance is seeded, so that tickets and numbers are the same each time.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.demo import Demo
from bot.settings import Settings
from bot.storage import meetings
from bot.storage.database import Transaction
from docs import hall_of_stances
from docs.pictures import small_png

IMAGES = Path(__file__).parent / "images"

ON_THE_DAY = datetime(2024, 8, 6, 3, 22, tzinfo=UTC)
"""10.22 WIB on the day of the sample meeting: its dialogue has just begun."""

PHONE = (390, 920)
TWO_PHONES = (1000, 860)
PROJECTOR = (1280, 720)
DESKTOP = (1560, 860)
TIMEOUT_MS = 15_000


class Hall(Demo):
    """The demo on the day of its meeting instead of today."""

    async def _start(self) -> None:
        offset = ON_THE_DAY - datetime.now(UTC)
        self._clock.offset = offset
        self._world.move_clock(offset)
        await super()._start()

    def person(self, name: str) -> int:
        """The Telegram id of the person whose name begins so."""
        return next(one.id for one in self._world.people.values() if one.name.startswith(name))

    async def weighs(self) -> None:
        """Have people of five sectors take stances on what they submitted."""
        rakor = self._rakor
        assert rakor is not None

        async def work(tx: Transaction) -> None:
            (meeting,) = await meetings.joinable(tx)
            await hall_of_stances.fill(tx, meeting.id, rakor.api.token.encode(), self._clock.now())

        await rakor.database.write(work)
        rakor.wake()

    @property
    def group(self) -> int:
        return next(chat.id for chat in self._world.chats.values() if chat.title)


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone on the page: what its holder can do and see."""

    pane: Locator
    holder: int

    async def says(self, text: str) -> None:
        await self.pane.get_by_role("textbox", name="Tulis pesan").fill(text)
        await self.pane.get_by_role("button", name="Kirim", exact=True).last.click()

    async def taps(self, label: str) -> None:
        """Tap the newest button with this label, or with … at its end this part of one; wait for the bot's answer."""
        name, whole = label.removesuffix("…"), not label.endswith("…")
        key = self.pane.locator(".messages").get_by_role("button", name=name, exact=whole).last
        await key.click()
        await expect(self.pane.locator(".messages [aria-busy=true]")).to_have_count(0)

    async def sees(self, text: str) -> None:
        await expect(self.pane.locator(".messages").get_by_text(text).last).to_be_visible()


class Studio:
    """Opens pages and keeps what they show."""

    def __init__(self, browser: Browser, url: str, stack: AsyncExitStack) -> None:
        self._browser = browser
        self._url = url
        self._stack = stack

    async def page(
        self,
        chats: Sequence[tuple[int, int]],
        size: tuple[int, int],
        *,
        theme: str = "light",
        scale: float = 1,
    ) -> Page:
        """The page with a phone for each (holder, chat)."""
        context = await self._browser.new_context(
            base_url=self._url,
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=scale,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
        )
        self._stack.push_async_callback(context.close)
        context.set_default_timeout(TIMEOUT_MS)
        saved = {
            "layout": len(chats),
            "panes": [{"viewer": viewer, "chat": chat} for viewer, chat in chats],
            "guideClosed": True,
            "theme": theme,
            "language": "id",
        }
        await context.add_init_script(f"localStorage['rakor-simulator'] ??= {json.dumps(json.dumps(saved))}")
        page = await context.new_page()
        await page.goto("/")
        await page.locator(".composer button:visible").first.wait_for()
        return page

    async def phone(self, holder: int, chat: int | None = None, *, theme: str = "light") -> Phone:
        """A page of a phone's width, showing the holder's chat with the bot or another one."""
        page = await self.page([(holder, chat or holder)], PHONE, theme=theme, scale=1.5)
        return Phone(page.locator(".pane"), holder)

    async def screen(self, address: str) -> Page:
        """A projector's page at an address of the bot."""
        context = await self._browser.new_context(
            viewport={"width": PROJECTOR[0], "height": PROJECTOR[1]}, reduced_motion="reduce"
        )
        self._stack.push_async_callback(context.close)
        page = await context.new_page()
        await page.goto(address)
        return page

    async def take(self, page: Page, name: str, *, from_top: bool = False) -> None:
        """Keep what a page shows: the end of each chat, or (``from_top``) its last message from the beginning."""
        await expect(page.locator(".toast")).to_have_count(0)
        if from_top:
            await page.locator(".msg").last.evaluate("message => message.scrollIntoView({ block: 'start' })")
        await page.evaluate("document.activeElement?.blur()")
        if await page.locator(".pane").count():  # on the wall, a moving pointer brings up its tools
            await page.mouse.move(0, 0)
        screenshot = await page.screenshot(animations="disabled", caret="hide")
        _keep(name, await small_png(page, screenshot))


def _keep(name: str, picture: bytes) -> None:
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(picture)


async def registration(studio: Studio, page: Page, siti: Phone) -> None:
    """Siti comes with the invitation and registers; then she looks what is on."""
    await siti.pane.get_by_role("button", name="MULAI").click()
    await siti.taps("Daftar")
    await siti.taps("Setuju")
    await siti.sees("langkah 2 dari 5")
    await siti.says("Siti Rahma, S.H.")
    await siti.sees("langkah 3 dari 5")
    await siti.taps("ASN/Pemda")
    await siti.sees("langkah 4 dari 5")
    await siti.says("Dinas Pendidikan Kota Palembang")
    await siti.sees("langkah 5 dari 5")
    await siti.says("Sekretaris Dinas")
    await siti.sees("Apakah semuanya sudah benar?")
    await studio.take(page, "pendaftaran")
    await siti.taps("Kirim")
    await siti.sees("Pendaftaran Anda diterima")
    await studio.take(page, "tiket")
    await siti.says("/agenda")
    await siti.sees("Dialog bersama stakeholder")
    await studio.take(page, "agenda", from_top=True)


async def question(studio: Studio, siti: Phone) -> None:
    """Siti asks what a civil servant may do."""
    await siti.says("/aturan bolehkah ASN menyukai unggahan calon?")
    await siti.sees("Aturan yang cocok")
    await siti.taps("1. ASN dan media sosial…")
    await siti.sees("Dasar hukum")
    await studio.take(siti.pane.page, "aturan", from_top=True)


async def dialogue(studio: Studio, siti: Phone, budi: Phone) -> None:
    """Budi opens the session; Siti writes under her name and Andi anonymously; Budi decides."""
    await budi.pane.get_by_role("button", name="MULAI").click()
    await budi.sees("/start")
    await budi.says("/panitia")
    await budi.sees("Tautan undangan")
    await studio.take(budi.pane.page, "panitia")
    await budi.says("/sesi")
    await budi.taps("Buka: …")
    await siti.taps("Beri masukan")
    await siti.sees("Bagaimana")
    await studio.take(siti.pane.page, "masukan")
    await siti.taps("Dengan nama")
    await siti.taps("Tantangan")
    await siti.sees("Mohon tulis dalam satu pesan")
    await siti.says(
        "Batas antara tugas pelayanan publik dan dukungan kepada calon sering kabur di media sosial. Kami memerlukan"
        " contoh yang boleh dan yang tidak boleh."
    )
    await siti.taps("Lewati")
    await siti.taps("Kirim")
    await siti.sees("telah sampai kepada panitia")
    await budi.says("/moderasi")
    await budi.sees("1 masukan menunggu")
    both = await studio.page([(budi.holder, budi.holder), (siti.holder, siti.holder)], TWO_PHONES)
    await Phone(both.locator(".pane").first, budi.holder).taps("✅ Terbitkan")
    await Phone(both.locator(".pane").last, siti.holder).sees("Masukan Anda diterbitkan")
    await studio.take(both, "moderasi")


async def anonymous(andi: Phone, budi: Phone) -> None:
    """Andi writes without his name; Budi publishes it, knowing no more than the text."""
    await andi.taps("Beri masukan")
    await andi.taps("Anonim")
    await andi.taps("Saran")
    await andi.sees("Mohon tulis dalam satu pesan")
    await andi.says("Buat satu grup bersama Bawaslu, Polri, dan ASN untuk menjawab keraguan dalam sehari.")
    await andi.taps("Kirim")
    await budi.says("/moderasi")
    await budi.sees("Dari: anonim")
    await budi.taps("✅ Terbitkan")


async def wall(studio: Studio, hall: Hall, budi: Phone) -> None:
    """Budi has the wall show what was published."""
    page = await studio.screen(hall.wall_url)
    await budi.says("/layar")
    await budi.taps("Masukan")
    for text in ("Batas antara tugas pelayanan publik", "Buat satu grup bersama"):
        await expect(page.get_by_text(text)).to_be_visible()
    await studio.take(page, "layar")


async def ground(studio: Studio, hall: Hall, budi: Phone) -> None:
    """The hall has weighed three suggestions; Budi has the wall show where the sectors agree."""
    await hall.weighs()
    page = await studio.screen(hall.wall_url)
    await budi.says("/layar")
    await budi.taps("Kesepahaman")
    await expect(page.locator(".row")).to_have_count(3)
    await studio.take(page, "kesepahaman")
    await budi.says("/layar")
    await budi.taps("Ikuti acara")


async def broadcast(studio: Studio, hall: Hall, budi: Phone) -> None:
    """Budi announces something to everybody; phones side by side show it arrive."""
    siti, andi = hall.person("Siti"), hall.person("Andi")
    await budi.says(
        "/siaran Rehat makan siang pukul 11.45 WIB di Ruang Musi. Dialog dibuka kembali setelahnya."
    )
    await budi.taps("Grup Telegram ›")
    await budi.taps("Rakor Stakeholder…")
    await budi.taps("‹ Penerima")
    await budi.taps("✅ Lanjut…")
    await budi.sees("Kirim sekarang?")
    await studio.take(budi.pane.page, "siaran")
    chats = [(budi.holder, budi.holder), (siti, siti), (andi, andi), (andi, hall.group)]
    page = await studio.page(chats, DESKTOP)
    await Phone(page.locator(".pane").first, budi.holder).taps("Kirim ke …")
    for pane in (await page.locator(".pane").all())[1:]:
        await expect(pane.locator(".messages").get_by_text("Rehat makan siang")).to_be_visible()
    await studio.take(page, "aula")


async def reminder(studio: Studio, hall: Hall, budi: Phone) -> None:
    """Budi sends a reminder of the rules before its time; those whom it concerns and the group get it."""
    andi = await studio.phone(hall.person("Andi"))
    await budi.says("/jadwal")
    await budi.taps("2. TNI dan Polri netral")
    await budi.taps("Kirim sekarang")
    await budi.taps("Kirim ke …")
    await andi.sees("TNI dan Polri netral")
    await studio.take(andi.pane.page, "pengingat")
    group = await studio.phone(hall.person("Dewi"), hall.group, theme="dark")
    await group.sees("TNI dan Polri netral")
    await studio.take(group.pane.page, "grup")


async def main() -> None:
    chance = random.Random(2024)
    for name, drawn in (("choice", chance.choice), ("randbits", chance.getrandbits)):
        setattr(secrets, name, drawn)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rakor-pictures-"))
        hall = await stack.enter_async_context(Hall(Settings(web_port=0), Path(folder)))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
        )
        stack.push_async_callback(browser.close)
        studio = Studio(browser, hall.url, stack)
        siti = await studio.phone(hall.person("Siti"))
        budi = await studio.phone(hall.person("Budi"))
        await registration(studio, siti.pane.page, siti)
        await question(studio, siti)
        await dialogue(studio, siti, budi)
        await anonymous(await studio.phone(hall.person("Andi")), budi)
        await wall(studio, hall, budi)
        await ground(studio, hall, budi)
        await broadcast(studio, hall, budi)
        await reminder(studio, hall, budi)


if __name__ == "__main__":
    asyncio.run(main())
