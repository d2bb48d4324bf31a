"""The ``rakor`` command as an organiser's technician meets it."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import stat
import subprocess
import sys
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

import bot
from bot import exits
from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logging_as_before: None) -> Path:
    """An empty current folder and an environment without any setting; texts in English."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DEFAULT_LOCALE", "en")
    return tmp_path


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == exits.FINE
    assert capsys.readouterr().out == f"rakor {bot.__version__}\n"


def test_the_package_and_the_module_run_the_same_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {"rakor": "bot.cli:main"}

    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == f"rakor {bot.__version__}\n"


def test_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    text = capsys.readouterr().out
    listed = [line.split()[0] for line in text.splitlines() if line.startswith("    ") and line[4] != " "]
    assert listed == ["run", "demo", "migrate", "import", "calendar", "export", "backup", "doctor"]
    assert "Exit codes: 0 fine; 1 it did not work out; 2 wrong argument or setting; 3 the database" in text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["import"],
        ["calendar", "fly"],
        ["export"],
        ["export", "--meeting", "X", "--format", "docx"],
        ["backup", "a", "b"],
        ["mig"],
    ],
)
def test_wrong_arguments_are_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == exits.USAGE
    assert "usage: rakor" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["run"], ["demo"], ["migrate"], ["doctor"], ["backup", "copy.db"]])
def test_a_wrong_setting_stops_every_command_with_one_line(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars/Base")

    assert main(command) == exits.USAGE

    assert capsys.readouterr().err == (
        "rakor: TIMEZONE='Mars/Base': expected an IANA time zone such as Asia/Jakarta, Asia/Makassar, Asia/Jayapura\n"
    )
    assert list(folder.iterdir()) == []


def test_migrate_says_what_it_did(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["migrate"]) == exits.FINE
    assert main(["migrate"]) == exits.FINE

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Applied migration 0001_initial."
    assert lines[-1] == "The database is up to date."
    assert (folder / "var" / "rakor.db").is_file()


def test_messages_follow_the_default_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["migrate"])
    capsys.readouterr()
    monkeypatch.setenv("DEFAULT_LOCALE", "id")

    main(["migrate"])

    assert capsys.readouterr().out == "Basis data sudah mutakhir.\n"


@pytest.mark.parametrize("command", [["migrate"], ["export", "--meeting", "X"]])
def test_an_unreachable_database_is_named_without_its_password(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://rakor:hunter2@127.0.0.1:1/rakor")

    assert main(command) == exits.DATABASE

    text = capsys.readouterr().err
    assert text.startswith("rakor: the database postgresql://rakor:…@127.0.0.1:1/rakor cannot be opened: ")
    assert "hunter2" not in text


def test_a_file_that_is_no_database_is_named(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "rakor.db").write_text("Daftar hadir\n" * 100)

    assert main(["migrate"]) == exits.DATABASE

    assert capsys.readouterr().err == (
        "rakor: the database sqlite:///var/rakor.db cannot be opened: var/rakor.db: file is not a database\n"
    )


class TestImport:
    SAMPLE = ROOT / "bot" / "data" / "samples" / "palembang.yaml"

    def test_the_sample_goes_in_once_and_then_changes_nothing(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["import", str(self.SAMPLE)]) == exits.FINE
        first = capsys.readouterr().out.splitlines()
        assert main(["import", str(self.SAMPLE)]) == exits.FINE
        second = capsys.readouterr().out.splitlines()

        assert first[-1] == "Imported meeting rakor-palembang-2024."
        assert second[-1] == "Meeting rakor-palembang-2024 is as the file says already."
        assert "Agenda items: 8 new, 0 changed, 0 removed, 0 as before" in first
        assert [line for line in second[:-1] if ": 0 new, 0 changed, 0 removed, " not in line] == []

    def test_a_broken_file_is_refused_with_its_line(
        self, capsys: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        broken = self.SAMPLE.read_text("utf-8").replace("code: rakor-palembang-2024", "code: two words", 1)
        (folder / "rapat.yaml").write_text(broken, "utf-8")
        line = broken.splitlines().index("  code: two words") + 1

        assert main(["import", "rapat.yaml"]) == exits.PROBLEM

        printed = capsys.readouterr()
        assert printed.err.startswith(f"rapat.yaml:{line}: meeting.code: ")
        assert len(printed.err.splitlines()) == 1
        assert printed.out == ""
        assert sorted(path.name for path in folder.iterdir()) == ["rapat.yaml"]

    def test_a_missing_file_is_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["import", "rapat.yaml"]) == exits.USAGE

        assert capsys.readouterr().err == "rapat.yaml: No such file or directory\n"


class TestExport:
    def test_what_comes_out_goes_in_again(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        main(["import", str(TestImport.SAMPLE)])
        capsys.readouterr()

        assert main(["export", "--meeting", "rakor-palembang-2024", "--format", "json"]) == exits.FINE

        text = capsys.readouterr().out
        exported = json.loads(text)
        assert exported["meeting"]["code"] == "rakor-palembang-2024"
        assert exported["collected"]["participants"] == []
        (folder / "rapat.json").write_text(text, "utf-8")
        assert main(["import", "rapat.json"]) == exits.FINE
        printed = capsys.readouterr().out.splitlines()
        assert printed[-1] == "Meeting rakor-palembang-2024 is as the file says already."

    def test_the_attendance_list_is_a_spreadsheet(self) -> None:
        main(["import", str(TestImport.SAMPLE)])
        command = [
            sys.executable,
            "-m",
            "bot",
            "export",
            "--meeting",
            "rakor-palembang-2024",
            "--format",
            "xlsx",
        ]

        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True
        )

        with zipfile.ZipFile(BytesIO(done.stdout)) as file:
            assert file.testzip() is None
            assert "xl/worksheets/sheet2.xml" in file.namelist()
        assert main(["export", "--meeting", "RAPAT", "--format", "xlsx"]) == exits.PROBLEM

    def test_an_unknown_meeting_is_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["export", "--meeting", "RAPAT"]) == exits.PROBLEM

        printed = capsys.readouterr()
        assert (printed.out, printed.err) == ("", "There is no meeting with the code RAPAT.\n")

    def test_a_reader_that_has_seen_enough_is_no_failure(self, folder: Path) -> None:
        main(["import", str(TestImport.SAMPLE)])
        command = f"{shlex.quote(sys.executable)} -m bot export --meeting rakor-palembang-2024 | head -c 1"

        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )

        assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")


class TestBackup:
    @pytest.fixture(autouse=True)
    def filled(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> sqlite3.Connection:
        """A connection of a bot that runs, with rows that are still in the WAL."""
        main(["migrate"])
        capsys.readouterr()
        connection = sqlite3.connect("var/rakor.db", isolation_level=None)
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("INSERT INTO people VALUES (11, 'id', NULL, NULL, 'reachable', '2026-11-24')")
        return connection

    def test_it_holds_what_was_committed_in_one_private_file(
        self, folder: Path, capsys: pytest.CaptureFixture[str], filled: sqlite3.Connection
    ) -> None:
        filled.execute("BEGIN IMMEDIATE")
        filled.execute("INSERT INTO people VALUES (12, 'id', NULL, NULL, 'reachable', '2026-11-24')")

        assert main(["backup", "copy.db"]) == exits.FINE

        filled.execute("COMMIT")
        filled.close()
        copy = folder / "copy.db"
        assert capsys.readouterr().out == (
            f"Wrote copy.db ({copy.stat().st_size // 1000} kB)."
            " It holds personal data: keep it as safe as the database.\n"
        )
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert sorted(path.name for path in folder.iterdir()) == ["copy.db", "var"]
        with sqlite3.connect(copy) as connection:
            assert connection.execute("SELECT id FROM people").fetchall() == [(11,)]
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()

    def test_the_bot_can_start_from_it(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], filled: sqlite3.Connection
    ) -> None:
        filled.close()
        main(["backup", "copy.db"])
        capsys.readouterr()
        monkeypatch.setenv("DATABASE_URL", "sqlite:///copy.db")

        assert main(["migrate"]) == exits.FINE

        assert capsys.readouterr().out == "The database is up to date.\n"

    def test_it_writes_over_nothing(
        self, folder: Path, capsys: pytest.CaptureFixture[str], filled: sqlite3.Connection
    ) -> None:
        filled.close()
        (folder / "copy.db").write_text("yesterday's")

        assert main(["backup", "copy.db"]) == exits.USAGE

        assert capsys.readouterr().err == "copy.db exists already; choose another name.\n"
        assert (folder / "copy.db").read_text() == "yesterday's"

    def test_a_damaged_database_leaves_no_copy_behind(
        self, folder: Path, capsys: pytest.CaptureFixture[str], filled: sqlite3.Connection
    ) -> None:
        filled.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        filled.close()
        database = folder / "var" / "rakor.db"
        data = bytearray(database.read_bytes())
        data[4096:] = b"\x7f" * (len(data) - 4096)
        database.write_bytes(data)

        assert main(["backup", "copy.db"]) == exits.DATABASE

        assert "cannot be used" in capsys.readouterr().err
        assert sorted(path.name for path in folder.iterdir()) == ["var"]

    def test_a_folder_that_is_missing_is_named(
        self, capsys: pytest.CaptureFixture[str], filled: sqlite3.Connection
    ) -> None:
        filled.close()

        assert main(["backup", "away/copy.db"]) == exits.DATABASE

        assert capsys.readouterr().err.endswith("away/copy.db: No such file or directory\n")


def test_without_a_database_there_is_no_backup(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["backup", "copy.db"]) == exits.DATABASE

    assert capsys.readouterr().err == (
        "rakor: the database sqlite:///var/rakor.db cannot be opened: var/rakor.db: there is no such file\n"
    )
    assert list(folder.iterdir()) == []


def test_backup_of_postgresql_names_its_own_tool(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://rakor:hunter2@db/rakor")

    assert main(["backup", "copy of today.dump"]) == exits.PROBLEM

    text = capsys.readouterr().err
    assert shlex.split(text.partition(": ")[2]) == [
        "pg_dump",
        "--format=custom",
        "--file=copy of today.dump",
        "postgresql://rakor@db/rakor",
    ]


def test_a_calendar_is_loaded_after_showing_what_moves(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(ROOT / "bot/data/samples/palembang.yaml")]) == exits.FINE
    present = (ROOT / "bot/data/rules/calendars/pilkada-2024.yaml").read_text("utf-8")
    (folder / "next.yaml").write_text(present.replace("voting_day: 2024-11-27", "voting_day: 2024-11-28"))
    (folder / "none.yaml").write_text("stages: []")
    capsys.readouterr()

    assert main(["calendar", "import", "none.yaml"]) == exits.PROBLEM
    assert "is missing" in capsys.readouterr().err
    assert main(["calendar", "import", "next.yaml", "--office", "nowhere"]) == exits.PROBLEM
    assert capsys.readouterr().err == "There is no office with the code nowhere.\n"
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert main(["calendar", "import", "next.yaml"]) == exits.FINE
    out = capsys.readouterr().out
    assert "Voting day: 2024-11-27 → 2024-11-28" in out
    assert out.endswith("Nothing was changed.\n")
    assert main(["calendar", "import", "next.yaml", "--yes"]) == exits.FINE
    assert capsys.readouterr().out.endswith("holds from now on.\n")
    assert main(["calendar", "import", "next.yaml"]) == exits.FINE
    assert "nothing to change" in capsys.readouterr().out
