"""The ``rakor`` command. Each command loads only what it needs, so that the bot starts fast."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot import __version__, exits, logs
from bot.settings import Settings, SettingsError, load
from bot.storage.database import Database, StorageError, StorageUnavailable, connect

if TYPE_CHECKING:
    from bot.i18n import Translator

T = TypeVar("T")

EXPORT_FORMATS = ("json", "xlsx")

_EPILOG = """\
Settings come from the environment and from .env in the current folder; .env.example explains them.

Exit codes: 0 fine; 1 it did not work out; 2 wrong argument or setting; 3 the database cannot be used;
4 Telegram refuses the bot (wrong token, or another copy of it runs).
"""

Command = Callable[[argparse.Namespace, Settings], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code (see :mod:`bot.exits`)."""
    args = _parser().parse_args(argv)
    command: Command = args.command
    try:
        settings = load()
    except SettingsError as error:
        print(f"rakor: {error}", file=sys.stderr)
        return exits.USAGE
    logs.set_up(settings.log_level, settings.log_format, secrets=_secrets(settings))
    try:
        return command(args, settings)
    except StorageError as error:
        where = "cannot be opened" if isinstance(error, StorageUnavailable) else "cannot be used"
        print(f"rakor: the database {settings.database_name} {where}: {error}", file=sys.stderr)
        return exits.DATABASE
    except KeyboardInterrupt:
        return exits.INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rakor",
        description="A Telegram bot for coordination meetings (rapat koordinasi).",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rakor {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        added.set_defaults(command=command)
        return added

    add("run", _run, "serve Telegram; without BOT_TOKEN, start the demo")
    add("demo", _demo, "try the bot with the sample meeting and a Telegram of its own; no token, no internet")
    add("migrate", _migrate, "bring the database up to this version (run does it as well)")
    importing = add("import", _import, "bring in a meeting file; again and again, as often as it changes")
    importing.add_argument("file", metavar="FILE", type=Path, help="a meeting file (YAML)")
    calendar = add("calendar", _calendar, "load the stage calendar of an election, after showing what moves")
    calendar.add_argument("action", choices=("import",), help="what to do with it")
    calendar.add_argument("file", metavar="FILE", type=Path, help="a calendar file (YAML; see docs/rules.md)")
    calendar.add_argument("--office", metavar="CODE", help="only for this office (default: for all)")
    calendar.add_argument(
        "--keep-reminders", action="store_true", help="leave reminders at their days instead of moving them"
    )
    calendar.add_argument("--yes", action="store_true", help="do not ask")
    exporting = add("export", _export, "write a meeting, with all that was collected, to the standard output")
    exporting.add_argument("--meeting", metavar="CODE", required=True, help="the meeting's code")
    exporting.add_argument(
        "--format",
        choices=EXPORT_FORMATS,
        default=EXPORT_FORMATS[0],
        help="json: all of it; xlsx: the attendance list (default: %(default)s)",
    )
    backing_up = add("backup", _backup, "copy the database into a new file while the bot goes on")
    backing_up.add_argument("file", metavar="FILE", type=Path, help="the file to make; it must not exist yet")
    add("doctor", _doctor, "say what is wrong with this installation and how to mend it")
    return parser


def _run(args: argparse.Namespace, settings: Settings) -> int:
    if settings.bot_token is None:
        return _demo(args, settings)
    from bot import serve

    return serve.run(settings)


def _demo(_: argparse.Namespace, settings: Settings) -> int:
    from bot import demo

    return demo.run(settings)


def _migrate(_: argparse.Namespace, settings: Settings) -> int:
    from bot.storage.migrations import migrate

    t = _translator(settings)
    applied = _with_database(settings, migrate, migrated=False)
    for name in applied:
        print(t.gettext("Applied migration {name}.").format(name=name))
    if not applied:
        print(t.gettext("The database is up to date."))
    return exits.FINE


def _import(args: argparse.Namespace, settings: Settings) -> int:
    from bot.domain.meeting_files import meeting_file, meeting_store, meeting_yaml

    t = _translator(settings)
    path: Path = args.file
    try:
        file = meeting_file.load(path)
        summary = _with_database(
            settings,
            lambda database: database.write(lambda tx: meeting_store.apply(tx, file, datetime.now(UTC))),
        )
    except OSError as error:
        return _fail(f"{path}: {error.strerror}", exits.USAGE)
    except meeting_yaml.BrokenFile as error:
        return _fail("\n".join(error.lines(t)))
    print(*summary.lines(t), sep="\n")
    if summary.has_effect:
        print(t.gettext("Imported meeting {code}.").format(code=summary.code))
    else:
        print(t.gettext("Meeting {code} is as the file says already.").format(code=summary.code))
    return exits.FINE


def _calendar(args: argparse.Namespace, settings: Settings) -> int:
    from bot import calendar_command
    from bot.domain.rules.rules import BadRules

    t = _translator(settings)
    path: Path = args.file

    def agree(lines: Sequence[str], question: str) -> bool:
        print(*lines, sep="\n")
        try:
            return args.yes or input(question).strip().lower() in ("y", "yes", "ya")
        except EOFError:  # nobody is there to ask
            return False

    try:
        content = path.read_bytes()
        said = _with_database(
            settings,
            lambda database: calendar_command.run(
                database,
                path.name,
                content,
                datetime.now(UTC),
                t,
                office_code=args.office,
                moving=not args.keep_reminders,
                agree=agree,
            ),
        )
    except OSError as error:
        return _fail(f"{path}: {error.strerror}", exits.USAGE)
    except (BadRules, LookupError) as error:
        return _fail(str(error))
    print(*said, sep="\n")
    return exits.FINE


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from bot.domain.meeting_files import meeting_export

    code: str = args.meeting
    if args.format == "xlsx":
        return _export_attendance(settings, code)
    text = _with_database(settings, lambda database: meeting_export.export_json(database, code))
    if text is None:
        t = _translator(settings)
        return _fail(t.gettext("There is no meeting with the code {code}.").format(code=code))
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:  # whoever read it has seen enough
        sys.stdout = None
    return exits.FINE


def _export_attendance(settings: Settings, code: str) -> int:
    """The attendance list, in the installation's language."""
    from bot.reports.attendance import SHEET
    from bot.storage import meetings
    from bot.storage.database import Transaction

    t = _translator(settings)

    async def made(tx: Transaction) -> bytes | None:
        meeting = await meetings.find_by_code(tx, code)
        listed = None if meeting is None else await SHEET.gather(tx, {"meeting": meeting.id})
        return None if listed is None else SHEET.make(t, listed)

    content = _with_database(settings, lambda database: database.read(made))
    if content is None:
        return _fail(t.gettext("There is no meeting with the code {code}.").format(code=code))
    if sys.stdout.isatty():
        return _fail(t.gettext("Please name a file for the list: add “> attendance.xlsx”."), exits.USAGE)
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        sys.stdout = None
    return exits.FINE


def _backup(args: argparse.Namespace, settings: Settings) -> int:
    target: Path = args.file
    t = _translator(settings)
    if not settings.database_url.startswith("sqlite:"):
        # Without the password, which would stay in the shell's history; pg_dump asks, or finds it in ~/.pgpass.
        address = settings.database_name.replace(":…@", "@")
        command = ["pg_dump", "--format=custom", f"--file={target}", address]
        text = t.gettext("This database is PostgreSQL, which has a tool of its own for this: {command}")
        return _fail(text.format(command=shlex.join(command)))
    from bot.storage.backup import back_up

    try:
        size = back_up(Path(settings.database_url.removeprefix("sqlite:///")), target)
    except FileExistsError:
        return _fail(
            t.gettext("{file} exists already; choose another name.").format(file=target), exits.USAGE
        )
    text = t.gettext("Wrote {file} ({size} kB). It holds personal data: keep it as safe as the database.")
    print(text.format(file=target, size=size // 1000))
    return exits.FINE


def _doctor(_: argparse.Namespace, settings: Settings) -> int:
    from bot import doctor

    return doctor.run(settings)


def _with_database(
    settings: Settings, work: Callable[[Database], Awaitable[T]], *, migrated: bool = True
) -> T:
    """Run ``work`` on the opened database, brought up to this version first."""
    from bot.storage.migrations import migrate

    async def opened() -> T:
        async with connect(settings.database_url) as database:
            if migrated:
                await migrate(database)
            return await work(database)

    return asyncio.run(opened())


def _translator(settings: Settings) -> Translator:
    from bot.i18n import translator

    return translator(settings.default_locale)


def _fail(text: str, code: int = exits.PROBLEM) -> int:
    print(text, file=sys.stderr)
    return code


def _secrets(settings: Settings) -> list[str]:
    from urllib.parse import unquote, urlsplit

    secrets = [
        secret.get_secret_value() for secret in (settings.bot_token, settings.webhook_secret) if secret
    ]
    password = urlsplit(settings.database_url).password
    return [*secrets, password, unquote(password)] if password else secrets
