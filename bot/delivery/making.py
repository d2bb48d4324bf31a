"""Files that are made after the commit of the update that asked for them.

A call of the outbox may hold an order in the place of a file: ``{"upload": name, "made_by": maker, "arguments": …}``.
The sender has it made just before the call, so a long list holds up no transaction, and a process killed in between
makes it again.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from bot.i18n import translator
from bot.reports.maker import Maker
from bot.storage.database import Database, StorageFull, StorageUnavailable

logger = logging.getLogger(__name__)


def order(name: str, maker: str, arguments: Mapping[str, Any], locale: str, apology: str) -> dict[str, Any]:
    """What stands in a stored call in the place of a file to upload.

    ``name`` is the file's, ``apology`` the text (HTML) sent in the stead of a file that could not be made.
    """
    return {
        "upload": name,
        "made_by": maker,
        "arguments": dict(arguments),
        "locale": locale,
        "apology": apology,
    }


class Workshop:
    """Fills the orders in calls, one file at a time: making them side by side would only slow the answers down."""

    def __init__(self, database: Database, makers: Iterable[Maker]) -> None:
        self._database = database
        self._makers = {maker.name: maker for maker in makers}
        self._bench = asyncio.Semaphore(1)

    async def ready(self, method: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The call with its file made; a message with the apology when that failed.

        Raises:
            StorageFull, StorageUnavailable: the database cannot be read now; asking again later may help.
        """
        for key, value in payload.items():
            if isinstance(value, Mapping) and "made_by" in value:
                content = await self._made(value)
                if content is None:
                    return "sendMessage", _apology(payload, value["apology"])
                upload = {"upload": value["upload"], "base64": base64.b64encode(content).decode()}
                return method, {**payload, key: upload}
        return method, payload

    async def _made(self, wanted: Mapping[str, Any]) -> bytes | None:
        async with self._bench:
            try:
                maker = self._makers[wanted["made_by"]]
                data = await self._database.read(lambda tx: maker.gather(tx, wanted["arguments"]))
                if data is None:
                    return None
                return await asyncio.to_thread(maker.make, translator(wanted["locale"]), data)
            except (StorageFull, StorageUnavailable):
                raise
            except Exception:
                # Whatever is wrong with one file must not hold up the chat's other messages.
                logger.exception("%s was not made", wanted["made_by"], extra={"action": "making.failed"})
                return None


def _apology(payload: Mapping[str, Any], text: str) -> dict[str, Any]:
    kept = {key: payload[key] for key in ("chat_id", "message_thread_id") if key in payload}
    return {**kept, "text": text, "parse_mode": "HTML"}
