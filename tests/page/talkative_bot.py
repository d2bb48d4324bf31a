"""A small bot that shows the page everything a bot can show; PTB, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    KeyboardButton,
    Message,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

COMMANDS = [
    BotCommand("start", "Mulai"),
    BotCommand("agenda", "Susunan acara"),
    BotCommand("kontak", "Bagikan nomor"),
]
Context = CallbackContext[Any, Any, Any, Any]
TalkativeBot = Application[Any, Any, Any, Any, Any, Any]
RULES = {"asn": "ASN netral", "polri": "Polri netral", "desa": "Kepala desa tidak berkampanye"}


class Gate:
    """Holds the answer to a tap back until a test lets it go."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()


def _message(update: Update) -> Message:
    assert update.effective_message is not None
    return update.effective_message


def _key(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


async def on_start(update: Update, context: Context) -> None:
    payload = context.args[0] if context.args else "-"
    await _message(update).reply_text(
        f"<b>Selamat datang.</b> Undangan: <code>{payload}</code>. Lihat /agenda atau "
        '<a href="https://t.me/rakor_sim_bot?start=dari-tautan">tautan undangan</a>.',
        parse_mode=ParseMode.HTML,
        reply_markup=InlineKeyboardMarkup(
            [
                [_key("Catat", "note"), _key("Jelaskan", "alert")],
                [_key("Ubah", "edit"), _key("Hapus", "delete")],
                [InlineKeyboardButton("Situs", url="https://example.org/rakor")],
            ]
        ),
    )


async def on_agenda(update: Update, context: Context) -> None:
    await _message(update).reply_text("Acara: pembukaan")


async def on_kontak(update: Update, context: Context) -> None:
    await _message(update).reply_text(
        "Nomor Anda?",
        reply_markup=ReplyKeyboardMarkup(
            [[KeyboardButton("Kirim nomor", request_contact=True)], ["Lewati"]],
            one_time_keyboard=True,
            input_field_placeholder="Nomor telepon",
        ),
    )


async def on_tap(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    gate: Gate = context.application.bot_data["gate"]
    await gate.open.wait()
    if query.data == "note":
        await query.answer("Sudah dicatat.")
    elif query.data == "alert":
        await query.answer("Penjelasan yang panjang.", show_alert=True)
    elif query.data == "edit":
        await query.answer()
        await query.edit_message_text("Teks yang baru")
    elif query.data == "delete":
        await query.answer()
        await query.delete_message()


async def on_file(update: Update, context: Context) -> None:
    """Send it back by its file_id."""
    message = _message(update)
    if message.photo:
        await message.reply_photo(message.photo[-1].file_id, caption=message.caption)
    elif message.document:
        await message.reply_document(message.document.file_id)


async def on_contact(update: Update, context: Context) -> None:
    contact = _message(update).contact
    assert contact is not None
    await _message(update).reply_text(f"Nomor diterima: {contact.phone_number}")


async def on_place(update: Update, context: Context) -> None:
    place = _message(update).location
    assert place is not None
    await _message(update).reply_text(f"Anda di {place.latitude:.2f}, {place.longitude:.2f}")


async def on_inline(update: Update, context: Context) -> None:
    """Rules whose title holds what was asked, and the way to all of them."""
    query = update.inline_query
    assert query is not None
    results = [
        InlineQueryResultArticle(
            code,
            title,
            InputTextMessageContent(f"<b>{title}</b>", parse_mode=ParseMode.HTML),
            description="Contoh aturan",
        )
        for code, title in RULES.items()
        if query.query.lower() in title.lower()
    ]
    await query.answer(results, button=InlineQueryResultsButton("Semua aturan", start_parameter="aturan"))


async def on_edit(update: Update, context: Context) -> None:
    await _message(update).reply_text(f"Anda mengubahnya: {_message(update).text}")


async def on_reaction(update: Update, context: Context) -> None:
    change = update.message_reaction
    assert change is not None
    chosen = [reaction.emoji for reaction in change.new_reaction if isinstance(reaction, ReactionTypeEmoji)]
    await context.bot.send_message(change.chat.id, f"Reaksi Anda: {' '.join(chosen) or 'dicabut'}")


async def on_text(update: Update, context: Context) -> None:
    text = _message(update).text
    if text == "ketik":
        await _message(update).reply_chat_action(ChatAction.TYPING)
    else:
        await _message(update).reply_text(f"Anda menulis: {text}")


async def on_error(update: object, context: Context) -> None:
    context.application.bot_data["errors"].append(context.error)


@asynccontextmanager
async def talkative_bot(url: str, token: str) -> AsyncIterator[TalkativeBot]:
    """Run the bot against a simulator; failures of its handlers are in ``bot_data["errors"]``."""
    application = cast(
        "TalkativeBot",
        ApplicationBuilder()
        .token(token)
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .concurrent_updates(8)
        .build(),
    )
    application.bot_data.update(gate=Gate(), errors=[])
    application.add_handler(CommandHandler("start", on_start))
    application.add_handler(CommandHandler("agenda", on_agenda))
    application.add_handler(CommandHandler("kontak", on_kontak))
    application.add_handler(CallbackQueryHandler(on_tap))
    application.add_handler(MessageHandler(filters.PHOTO | filters.Document.ALL, on_file))
    application.add_handler(MessageHandler(filters.CONTACT, on_contact))
    application.add_handler(MessageHandler(filters.LOCATION, on_place))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, on_edit))
    application.add_handler(InlineQueryHandler(on_inline))
    application.add_handler(MessageReactionHandler(on_reaction))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND & ~filters.VIA_BOT, on_text))
    application.add_error_handler(on_error)
    async with application:
        await application.bot.set_my_commands(COMMANDS)
        await application.bot.set_my_description("Bot ini menemani Anda selama rapat.")
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5, allowed_updates=Update.ALL_TYPES)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()
