"""What the environment and ``.env`` say; ``.env.example`` explains every variable."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

TELEGRAM_API = "https://api.telegram.org"

_TOKEN = re.compile(r"[0-9]{5,16}:[A-Za-z0-9_-]{30,100}", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
_NUMERIC_HOST = re.compile(r"[0-9.]+|.*:.*")
_PASSWORD = re.compile(r"(?<=:)[^:/@]*(?=@)")


class SettingsError(Exception):
    """A setting is wrong; the text is one line that names it and what is expected."""


class Settings(BaseSettings):
    """All settings, checked. Each field is the environment variable of the same name in capitals.

    The description of a field is what a wrong value is told to be: "expected …".
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    bot_token: SecretStr | None = Field(
        None,
        description="the token that @BotFather gave, like 123456789:AAF… with about 35 letters after the colon",
    )
    bot_api_url: str = Field(
        TELEGRAM_API, description="an address such as https://api.telegram.org, without /bot…"
    )
    database_url: str = Field(
        "sqlite:///var/rakor.db",
        description="sqlite:///path or postgresql://user:password@host/name",
        repr=False,
    )
    admin_ids: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(), description="Telegram user ids, numbers separated by commas"
    )
    default_locale: Literal["id", "en"] = Field("id", description="id or en")
    timezone: str = Field(
        "Asia/Jakarta", description="an IANA time zone such as Asia/Jakarta, Asia/Makassar, Asia/Jayapura"
    )
    web_host: str = Field(
        "127.0.0.1", description="an address of this machine, such as 127.0.0.1 or 0.0.0.0", pattern=r"^\S+$"
    )
    web_port: int = Field(8080, description="a port from 1 to 65535, or 0 for any free one", ge=0, le=65535)
    public_url: str | None = Field(None, description="an address such as https://rakor.example.go.id")
    webhook_secret: SecretStr | None = Field(
        None,
        description="16 to 256 letters, digits, _ or -; it must be set when PUBLIC_URL is https (webhook)",
        validate_default=True,
    )
    report_url: str = Field(
        "https://sigaplapor.bawaslu.go.id",
        description="the address where violations are reported, such as https://sigaplapor.bawaslu.go.id",
    )
    bulk_ceiling: int = Field(
        29,
        description="messages a second from 29, which is just under what Telegram allows everybody, to 1000",
        ge=29,
        le=1000,
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["auto", "text", "json"] = Field("auto", description="auto, text or json")

    @property
    def webhook(self) -> bool:
        """Whether Telegram is to call us; otherwise we ask it (long polling)."""
        return self.public_url is not None and self.public_url.startswith("https://")

    @property
    def database_name(self) -> str:
        """The database's address without its password, for people."""
        return _without_password(self.database_url)

    @field_validator("bot_token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError
        return value

    @field_validator("bot_api_url", "public_url", "report_url")
    @classmethod
    def _check_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError unless it is a number
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError
        return value.rstrip("/")

    @field_validator("web_host")
    @classmethod
    def _check_host(cls, value: str) -> str:
        if _NUMERIC_HOST.fullmatch(value):
            ip_address(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str) -> str:
        if value.startswith("sqlite:///") and value != "sqlite:///":
            return value
        if value.startswith(("postgresql://", "postgres://")):
            parts = urlsplit(value)
            _ = parts.port
            if parts.netloc or parts.query:
                return value
        raise ValueError

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = frozenset(int(part) for part in value.split(",") if part.strip())
        if any(not 0 < number < 2**52 for number in ids):  # "at most 52 significant bits": Bot API, User
            raise ValueError
        return ids

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, KeyError) as error:
            raise ValueError from error
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            # Without it, anybody could post updates in an organiser's name.
            if str(info.data.get("public_url") or "").startswith("https://"):
                raise ValueError
            return None
        if not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):  # the letters: Bot API, setWebhook
            raise ValueError
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("log_format", "default_locale", mode="before")
    @classmethod
    def _small(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed in: :func:`load` reads the environment, and a test's settings are its own."""
        return (init_settings,)


class _Variables(EnvSettingsSource):
    """The given variables instead of the process's."""

    def __init__(self, variables: Mapping[str, str | None]) -> None:
        super().__init__(Settings, case_sensitive=False, env_ignore_empty=True)
        self.env_vars = {
            name.lower(): value.strip() for name, value in variables.items() if value and value.strip()
        }


def load(env: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process: its environment, and for what that leaves open the ``.env`` of its folder.

    Args:
        env: variables to use instead of the process's.
        env_file: a file of ``NAME=value`` lines; None, or a file that does not exist, adds nothing.

    Raises:
        SettingsError: a value is wrong or the file cannot be read.
    """
    variables: dict[str, str | None] = {}
    if env_file is not None:
        try:
            variables.update(dotenv_values(env_file, interpolate=False))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{env_file}: cannot be read: {error}") from None
    variables.update(
        {name: value for name, value in (os.environ if env is None else env).items() if value.strip()}
    )
    try:
        return Settings(**_Variables(variables)())
    except ValidationError as error:
        # Not "from error": its text shows the values of secrets.
        raise SettingsError(_line(error)) from None


def _line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    name = str(first["loc"][0])
    return f"{name.upper()}{_shown(name, first['input'])}: expected {Settings.model_fields[name].description}"


def _shown(name: str, value: Any) -> str:
    if name in {"bot_token", "webhook_secret"}:
        return "" if value else " is missing"
    return f"={_without_password(str(value))!r}"


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return _PASSWORD.sub("…", url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=_PASSWORD.sub("…", parts.netloc)))
