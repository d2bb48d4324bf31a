"""The settings: what holds without any, how a wrong one is refused, and that .env.example tells the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load

TOKEN = "123456789:XXFakeFakeFakeFakeFakeFakeFakeFake0"
SECRET = "a-secret-of-16-letters"


def given(**variables: str) -> Settings:
    return load(variables, env_file=None)


def refusal(**variables: str) -> str:
    with pytest.raises(SettingsError) as caught:
        given(**variables)
    return str(caught.value)


def test_everything_has_a_value_that_lets_the_demo_start() -> None:
    settings = given()

    assert settings.model_dump() == {
        "bot_token": None,
        "bot_api_url": "https://api.telegram.org",
        "database_url": "sqlite:///var/rakor.db",
        "admin_ids": frozenset(),
        "default_locale": "id",
        "timezone": "Asia/Jakarta",
        "web_host": "127.0.0.1",
        "web_port": 8080,
        "public_url": None,
        "webhook_secret": None,
        "bulk_ceiling": 29,
        "report_url": "https://sigaplapor.bawaslu.go.id",
        "log_level": "INFO",
        "log_format": "auto",
    }
    assert settings.webhook is False


def test_values_are_read_and_made_plain() -> None:
    settings = given(
        BOT_TOKEN=f" {TOKEN} ",
        BOT_API_URL="http://127.0.0.1:8081/",
        DATABASE_URL="postgresql://rakor:pa%3Ass@db/rakor",
        ADMIN_IDS="11, 22,,33,",
        DEFAULT_LOCALE="EN",
        TIMEZONE="Asia/Jayapura",
        WEB_PORT="0",
        PUBLIC_URL="https://rakor.example.go.id/bot/",
        WEBHOOK_SECRET=SECRET,
        LOG_LEVEL="debug",
        LOG_FORMAT="json",
    )

    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.bot_api_url == "http://127.0.0.1:8081"
    assert settings.admin_ids == {11, 22, 33}
    assert settings.default_locale == "en"
    assert settings.web_port == 0
    assert settings.public_url == "https://rakor.example.go.id/bot"
    assert settings.webhook is True
    assert settings.log_level == "DEBUG"
    assert settings.database_name == "postgresql://rakor:…@db/rakor"


def test_an_empty_value_counts_as_absent() -> None:
    assert given(BOT_TOKEN="", WEB_PORT=" ", ADMIN_IDS="") == given()


def test_other_variables_are_left_alone() -> None:
    assert given(PATH="/usr/bin", bot="x", WEB="y") == given()


def test_a_public_address_without_tls_keeps_polling() -> None:
    assert given(PUBLIC_URL="http://rakor.local:8080").webhook is False


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "BOT_API_URL",
            "api.telegram.org",
            "BOT_API_URL='api.telegram.org': expected an address such as https://api.telegram.org, without /bot…",
        ),
        (
            "BOT_API_URL",
            "https://host:port",
            "BOT_API_URL='https://host:port': expected an address such as https://api.telegram.org, without /bot…",
        ),
        (
            "DATABASE_URL",
            "mysql://rakor:hunter2@db/rakor",
            "DATABASE_URL='mysql://rakor:…@db/rakor': expected sqlite:///path or postgresql://user:password@host/name",
        ),
        (
            "DATABASE_URL",
            "sqlite:///",
            "DATABASE_URL='sqlite:///': expected sqlite:///path or postgresql://user:password@host/name",
        ),
        (
            "ADMIN_IDS",
            "11;22",
            "ADMIN_IDS='11;22': expected Telegram user ids, numbers separated by commas",
        ),
        ("ADMIN_IDS", "-5", "ADMIN_IDS='-5': expected Telegram user ids, numbers separated by commas"),
        ("DEFAULT_LOCALE", "jv", "DEFAULT_LOCALE='jv': expected id or en"),
        (
            "TIMEZONE",
            "WIB",
            "TIMEZONE='WIB': expected an IANA time zone such as Asia/Jakarta, Asia/Makassar, Asia/Jayapura",
        ),
        (
            "TIMEZONE",
            "../etc/passwd",
            "TIMEZONE='../etc/passwd': expected an IANA time zone such as Asia/Jakarta, Asia/Makassar, Asia/Jayapura",
        ),
        (
            "WEB_HOST",
            "two words",
            "WEB_HOST='two words': expected an address of this machine, such as 127.0.0.1 or 0.0.0.0",
        ),
        (
            "WEB_HOST",
            "192.168.1.300",
            "WEB_HOST='192.168.1.300': expected an address of this machine, such as 127.0.0.1 or 0.0.0.0",
        ),
        ("WEB_PORT", "70000", "WEB_PORT='70000': expected a port from 1 to 65535, or 0 for any free one"),
        ("WEB_PORT", "http", "WEB_PORT='http': expected a port from 1 to 65535, or 0 for any free one"),
        (
            "PUBLIC_URL",
            "rakor.example.go.id",
            "PUBLIC_URL='rakor.example.go.id': expected an address such as https://rakor.example.go.id",
        ),
        ("LOG_LEVEL", "loud", "LOG_LEVEL='LOUD': expected DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT='xml': expected auto, text or json"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(name: str, value: str, expected: str) -> None:
    assert refusal(**{name: value}) == expected


@pytest.mark.parametrize(
    "token", ["token", TOKEN[:20], f"bot{TOKEN}", f"{TOKEN}/getMe", TOKEN.replace(":", " ")]
)
def test_a_wrong_token_is_refused_and_never_shown(token: str) -> None:
    text = refusal(BOT_TOKEN=token)

    assert text == (
        "BOT_TOKEN: expected the token that @BotFather gave, like 123456789:AAF… with about 35 letters after the colon"
    )


@pytest.mark.parametrize("secret", ["short", "with a space in the middle", "x" * 257])
def test_a_wrong_webhook_secret_is_refused_and_never_shown(secret: str) -> None:
    assert refusal(WEBHOOK_SECRET=secret) == (
        "WEBHOOK_SECRET: expected 16 to 256 letters, digits, _ or -; it must be set when PUBLIC_URL is https (webhook)"
    )


def test_a_webhook_needs_its_secret() -> None:
    assert refusal(PUBLIC_URL="https://rakor.example.go.id") == (
        "WEBHOOK_SECRET is missing: expected 16 to 256 letters, digits, _ or -;"
        " it must be set when PUBLIC_URL is https (webhook)"
    )


def test_secrets_stay_out_of_what_is_printed() -> None:
    settings = given(
        BOT_TOKEN=TOKEN, WEBHOOK_SECRET=SECRET, DATABASE_URL="postgresql://rakor:hunter2@db/rakor"
    )

    for text in (repr(settings), str(settings)):
        assert [secret for secret in (TOKEN, SECRET, "hunter2") if secret in text] == []


def test_the_file_fills_what_the_environment_leaves_open(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        f"# ours\nBOT_TOKEN='{TOKEN}'\nexport WEB_PORT=9000\nDATABASE_URL=postgresql://a:${{b}}@db/x\nEDITOR=vi\n"
    )

    settings = load({"WEB_PORT": "9001", "DEFAULT_LOCALE": "en"}, env_file=file)

    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.web_port == 9001
    assert settings.default_locale == "en"
    assert settings.database_url == "postgresql://a:${b}@db/x"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"BOT_TOKEN=\xff\xfe")

    with pytest.raises(SettingsError, match=r"\.env: cannot be read"):
        load({}, env_file=file)


def test_a_missing_file_adds_nothing(tmp_path: Path) -> None:
    assert load({}, env_file=tmp_path / ".env") == given()


def test_the_process_environment_is_what_counts_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEB_PORT", "1234")

    assert load().web_port == 1234
    assert Settings().web_port == 8080


def test_the_example_file_names_every_setting_with_its_default() -> None:
    lines = (Path(__file__).parent.parent / ".env.example").read_text("utf-8").splitlines()
    shown = dict(line.removeprefix("#").split("=", 1) for line in lines if line[:2] != "# " and "=" in line)

    defaults = {
        name.upper(): str(field.default) if field.default else ""
        for name, field in Settings.model_fields.items()
    }
    assert list(shown.items()) == list(defaults.items())


def test_the_example_file_as_it_is_changes_nothing() -> None:
    assert load({}, env_file=Path(__file__).parent.parent / ".env.example") == given()
