"""What is installed elsewhere: the built wheel, in an environment of its own, without this checkout."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import bot
from bot.storage.migrations import available

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network: what builds it is among the tools of the tests."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def rakor(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel, and of everything else only what the wheel needs."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    # No index: the libraries are those of the tests' own environment, whose .pth files (this checkout) do not count.
    subprocess.run([*install, "--no-index", "--no-deps", str(wheel)], check=True)
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "rakor"


def variables(**more: str) -> Mapping[str, str]:
    """An environment that knows nothing of this checkout, and no setting but those given."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more}


def ran(rakor: Path, folder: Path, *arguments: str, **settings: str) -> str:
    done = subprocess.run(
        [rakor, *arguments],
        cwd=folder,
        env=variables(**settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_it_holds_the_program_its_data_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            *("bot", "handlers", "simulator", "locales", "migrations"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = {
        re.sub(r"^(locales|migrations)/", r"bot/\1/", name)
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file()
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert names == expected
    assert [
        name for name in ("bot/migrations/0001_initial.sql", "simulator/page/index.html") if name not in names
    ] == []


def test_it_runs_from_its_own_files(rakor: Path, tmp_path: Path) -> None:
    script = "import bot, handlers, simulator; print(bot.__file__, handlers.__file__, simulator.__file__)"
    done = subprocess.run(
        [rakor.parent / "python", "-c", script],
        cwd=tmp_path,
        env=variables(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert [path for path in done.stdout.split() if not path.startswith(str(rakor.parent.parent))] == []
    assert ran(rakor, tmp_path, "--version") == f"rakor {bot.__version__}\n"


def test_it_brings_its_migrations_and_texts(rakor: Path, tmp_path: Path) -> None:
    printed = ran(rakor, tmp_path, "migrate", DEFAULT_LOCALE="id")

    assert printed.splitlines() == [
        f"Migrasi {migration.name} telah diterapkan." for migration in available()
    ]


class Page:
    """The chat page as a browser uses it."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self.url = url

    async def get(self, path: str) -> Any:
        async with self._session.get(f"{self.url}{path}") as response:
            assert response.status == 200
            return await (response.json() if response.content_type == "application/json" else response.text())

    async def post(self, path: str, **fields: object) -> None:
        async with self._session.post(f"{self.url}{path}", json=fields) as response:
            assert response.status == 200

    async def messages(self, person_id: int) -> list[Any]:
        found = await self.get(f"/sim/messages?viewer={person_id}&chat={person_id}")
        assert isinstance(found, list)
        return found


async def test_the_demo_answers_on_its_page(rakor: Path, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        rakor,
        "demo",
        cwd=tmp_path,
        env=variables(WEB_PORT="0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as session:
            url = None
            while url is None:
                line = await process.stdout.readline()
                assert line != b"", (await errors).decode()
                url = re.search(r"http://127\.0\.0\.1:\d+", line.decode())
            page = Page(session, url[0])

            html = await page.get("/")
            files = re.findall(r'(?:src|href)="([^"#:]+)"', html)
            assert len(files) >= 2
            for name in files:
                await page.get(name if name.startswith("/") else f"/{name}")

            suggested = (await page.get("/sim/state"))["suggested"]
            siti = suggested["person_id"]
            await page.post("/sim/start", person=siti, payload=suggested["start_payload"])
            while not (answers := [found for found in await page.messages(siti) if not found["out"]]):
                await asyncio.sleep(0.02)
            assert "Memperkuat Sinergitas" in json.dumps(answers, ensure_ascii=False)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await process.wait() == 0
        assert list(tmp_path.iterdir()) == []
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await errors
