"""The same scenario with both libraries as clients, over HTTP; nothing may be lost in parsing."""

from __future__ import annotations

from typing import Any

import aiogram.types
import pydantic
import pytest
import telegram
from aiogram import methods

from simulator import changes, groups
from simulator.driver import PersonDriver, Telegram
from simulator.members import member_json
from simulator.model import ADMIN_RIGHTS, Member
from tests.simulator.conftest import PNG, Client, RawClient
from tests.simulator.parsing import lost, unknown


async def test_a_bot_learns_who_it_is(client: Client, tg: Telegram) -> None:
    me = await client.bot.get_me()

    assert (me.id, me.is_bot, me.username) == (tg.world.bot_id, True, "rakor_sim_bot")
    assert me.can_read_all_group_messages is False


async def test_a_text_with_buttons_comes_back_as_sent(client: Client, ani: PersonDriver) -> None:
    t = client.types
    buttons = [
        [
            t.InlineKeyboardButton(text="Daftar", callback_data="daftar:1"),
            t.InlineKeyboardButton(text="Situs", url="https://palembang.bawaslu.go.id/x"),
        ]
    ]

    message = await client.bot.send_message(
        chat_id=ani.id,
        text="<b>Selamat</b> datang 😀 /agenda",
        parse_mode="HTML",
        reply_markup=t.InlineKeyboardMarkup(inline_keyboard=buttons),
        disable_notification=True,
        protect_content=True,
        link_preview_options=t.LinkPreviewOptions(is_disabled=True),
    )

    assert message.text == "Selamat datang 😀 /agenda"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("bold", 0, 7),
        ("bot_command", 18, 7),
    ]
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "daftar:1"
    assert message.reply_markup.inline_keyboard[0][1].url == "https://palembang.bawaslu.go.id/x"
    assert message.has_protected_content is True
    assert message.link_preview_options.is_disabled is True
    assert (message.chat.id, message.chat.type, message.chat.first_name) == (ani.id, "private", "Ani")
    assert ani.last.text == message.text


async def test_a_conversation_runs_through_polling(client: Client, tg: Telegram, ani: PersonDriver) -> None:
    t = client.types
    await ani.says("Halo 👍 /bantuan")
    updates = await client.bot.get_updates(timeout=1)
    message = updates[0].message
    assert (message.text, message.from_user.language_code) == ("Halo 👍 /bantuan", "id")
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 8, 8)]

    keyboard = t.InlineKeyboardMarkup(
        inline_keyboard=[[t.InlineKeyboardButton(text="Ya", callback_data="ya")]]
    )
    sent = await client.bot.send_message(
        chat_id=ani.id,
        text="Setuju?",
        reply_markup=keyboard,
        reply_parameters=t.ReplyParameters(message_id=message.message_id),
    )
    assert sent.reply_to_message.message_id == message.message_id

    await ani.taps("Ya")
    [update] = await client.bot.get_updates(offset=updates[0].update_id + 1, timeout=1)
    query = update.callback_query
    assert (query.data, query.from_user.id, query.message.message_id) == ("ya", ani.id, sent.message_id)
    assert await client.bot.answer_callback_query(callback_query_id=query.id, text="Baik", show_alert=True)
    assert await ani.is_told("Baik") == "Baik"

    edited = await client.bot.edit_message_text(
        text="Terima kasih.", chat_id=ani.id, message_id=sent.message_id
    )
    assert (edited.text, edited.reply_markup) == ("Terima kasih.", None)
    assert edited.edit_date is not None
    assert (await ani.sees("Terima kasih")).edited


async def test_files_go_up_and_down(client: Client, ani: PersonDriver) -> None:
    document = await client.bot.send_document(
        chat_id=ani.id,
        document=client.file(b"isi surat \x00\xff", "surat tugas é.pdf"),
        caption="<i>Surat</i>",
        parse_mode="HTML",
    )
    assert (document.document.file_name, document.document.mime_type) == (
        "surat tugas é.pdf",
        "application/pdf",
    )
    assert (document.document.file_size, document.caption) == (12, "Surat")

    photo = await client.bot.send_photo(chat_id=ani.id, photo=client.file(PNG, "a.png"))
    assert (photo.photo[-1].width, photo.photo[-1].height) == (2, 1)
    again = await client.bot.send_photo(chat_id=ani.id, photo=photo.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id

    file = await client.bot.get_file(document.document.file_id)
    if client.name == "aiogram":
        content = (await client.bot.download_file(file.file_path)).read()
    else:
        content = bytes(await file.download_as_bytearray())
    assert content == b"isi surat \x00\xff"


async def test_what_people_send_reaches_both(client: Client, ani: PersonDriver) -> None:
    await ani.shares_contact()
    await ani.shares_location(-2.97, 104.77)
    await ani.sends_photo(PNG, "foto")
    await ani.sends_document("daftar.csv", b"a;b")
    text = await ani.says("awal")
    await ani.edits(text, "akhir")
    ani.blocks_bot()
    ani.unblocks_bot()

    updates = await client.bot.get_updates(timeout=1)

    assert updates[0].message.contact.user_id == ani.id
    assert updates[0].message.contact.phone_number == ani.person.phone
    assert updates[1].message.location.latitude == -2.97
    assert (updates[2].message.caption, updates[2].message.photo[-1].width) == ("foto", 2)
    assert updates[3].message.document.mime_type == "text/csv"
    assert updates[5].edited_message.text == "akhir"
    statuses = [
        (u.my_chat_member.old_chat_member.status, u.my_chat_member.new_chat_member.status)
        for u in updates[6:]
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_places_contacts_and_polls(client: Client, tg: Telegram, ani: PersonDriver) -> None:
    venue = await client.bot.send_venue(
        chat_id=ani.id, latitude=-2.98, longitude=104.75, title="Hotel Novotel", address="Palembang"
    )
    assert (venue.venue.title, venue.location.latitude) == ("Hotel Novotel", -2.98)
    contact = await client.bot.send_contact(chat_id=ani.id, phone_number="+62711", first_name="Panitia")
    assert contact.contact.first_name == "Panitia"

    sent = await client.bot.send_poll(
        chat_id=ani.id, question="Sudah paham?", options=["Sudah", "Belum"], is_anonymous=False
    )
    await ani.votes(ani.last, 1)
    updates = await client.bot.get_updates(timeout=1)
    assert [o.voter_count for o in updates[0].poll.options] == [0, 1]
    assert (updates[1].poll_answer.user.id, list(updates[1].poll_answer.option_ids)) == (ani.id, [1])
    closed = await client.bot.stop_poll(chat_id=ani.id, message_id=sent.message_id)
    assert (closed.is_closed, closed.total_voter_count) == (True, 1)


async def test_chats_and_members(client: Client, tg: Telegram, ani: PersonDriver) -> None:
    budi = tg.person("Budi")
    group = tg.group("Rakor Palembang", [ani, budi])
    await group.adds_bot(by=ani)
    await group.promotes_bot(by=ani)

    chat = await client.bot.get_chat(chat_id=group.id)
    admins = await client.bot.get_chat_administrators(chat_id=group.id)
    member = await client.bot.get_chat_member(chat_id=group.id, user_id=budi.id)

    assert (chat.title, chat.type) == ("Rakor Palembang", "group")
    assert [(a.status, a.user.id) for a in admins] == [
        ("creator", ani.id),
        ("administrator", tg.world.bot_id),
    ]
    assert (member.status, member.user.first_name) == ("member", "Budi")
    assert await client.bot.leave_chat(chat_id=group.id)
    [before, after] = [
        u.my_chat_member for u in (await client.bot.get_updates(timeout=1)) if u.my_chat_member
    ][-2:]
    assert (before.new_chat_member.status, after.new_chat_member.status) == ("administrator", "left")


async def test_commands_and_texts(client: Client, ani: PersonDriver) -> None:
    t = client.types
    commands = [t.BotCommand(command="agenda", description="Susunan acara")]
    assert await client.bot.set_my_commands(
        commands=commands, scope=t.BotCommandScopeAllPrivateChats(), language_code="id"
    )
    found = await client.bot.get_my_commands(scope=t.BotCommandScopeAllPrivateChats(), language_code="id")
    assert [(c.command, c.description) for c in found] == [("agenda", "Susunan acara")]
    assert ani.commands == ["agenda"]
    assert await client.bot.delete_my_commands(scope=t.BotCommandScopeAllPrivateChats(), language_code="id")
    assert ani.commands == []
    assert await client.bot.set_my_description(description="Bot rakor")
    assert (await client.bot.get_my_description()).description == "Bot rakor"


async def _everything(tg: Telegram, raw: RawClient, ani: PersonDriver) -> list[dict[str, Any]]:
    """Updates of every kind that this world makes, as raw JSON."""
    await raw.updates(allowed_updates=list(_ALL_KINDS))
    budi = tg.person("Budi", username="budi_m")
    sent = await raw.result(
        "sendMessage",
        chat_id=ani.id,
        text=f'<a href="tg://user?id={ani.id}">Ani</a> <pre><code class="language-py">x=1</code></pre>',
        parse_mode="HTML",
        reply_markup={
            "inline_keyboard": [
                [{"text": "Ya", "callback_data": "y"}, {"text": "Salin", "copy_text": {"text": "ABC"}}]
            ]
        },
    )
    await ani.says("balasan @rakor_sim_bot a@b.id +62 812 3456 7890 #rakor", reply_to=ani.last)
    await ani.taps("Ya")
    await ani.edits(await ani.says("satu"), "dua")
    await ani.sends_photo(PNG, "lihat example.com")
    await ani.sends_document("a.txt", b"x")
    await ani.shares_contact()
    await ani.shares_location(1.5, 2.5)
    await ani.sends({"dice": {"emoji": "🎲", "value": 3}})
    await raw.result("sendPoll", chat_id=ani.id, question="?", options=["a", "b"], is_anonymous=False)
    await ani.votes(ani.last, 0)
    await raw.result(
        "sendPoll", chat_id=ani.id, question="?", options=["a", "b"], type="quiz", correct_option_id=1
    )
    await ani.votes(ani.last, 1)
    await raw.result("pinChatMessage", chat_id=ani.id, message_id=sent["message_id"])
    changes.react(tg.world, ani.id, ani.id, sent["message_id"], "👍")
    group = tg.group("Rakor", [ani, budi])
    await group.adds_bot(by=ani, payload="undangan")
    await group.promotes_bot(by=ani)
    await group.promotes(ani, by=ani, anonymous=True)
    await group.says(ani, "pengumuman")
    citra = tg.person("Citra")
    await group.joins(citra)
    await group.leaves(citra)
    await group.migrates(by=ani)
    topic = groups.add_topic(tg.world, group.id, "Tanya jawab", ani.id)
    await group.says(budi, "di topik", thread_id=topic.id)
    await group.removes_bot(by=ani)
    ani.blocks_bot()
    found: list[dict[str, Any]] = []
    offset = 0
    while batch := await raw.updates(offset=offset):
        found.extend(batch)
        offset = batch[-1]["update_id"] + 1
    return found


_ALL_KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "message_reaction",
)


async def test_python_telegram_bot_loses_nothing_of_any_update(
    tg: Telegram, raw: RawClient, ani: PersonDriver, ptb: telegram.Bot
) -> None:
    updates = await _everything(tg, raw, ani)

    for update in updates:
        assert lost(update, telegram.Update.de_json(update, ptb).to_dict()) == []
    assert {kind for update in updates for kind in update} - {"update_id"} == set(_ALL_KINDS)


async def test_aiogram_knows_every_field_of_any_update(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    for update in await _everything(tg, raw, ani):
        assert unknown(aiogram.types.Update.model_validate(update)) == []


@pytest.mark.parametrize("status", ["creator", "administrator", "member", "restricted", "left", "kicked"])
def test_every_form_of_a_member_parses_in_both(ani: PersonDriver, status: Any) -> None:
    found = member_json(ani.world, Member(ani.id, status, set(ADMIN_RIGHTS)))

    parsed = telegram.ChatMember.de_json(found)
    model: Any = pydantic.TypeAdapter(methods.GetChatMember.__returning__).validate_python(found)

    assert lost(found, parsed.to_dict()) == []
    assert unknown(model) == []
    assert model.status == status
