"""Registering in the chat: what people send that is no answer, old and forged buttons, other commands in between."""

from __future__ import annotations

from typing import Any

import pytest

from bot.storage.database import Database
from bot.storage.meetings import Meeting
from tests.handlers.conftest import Chatter
from tests.handlers.people.registering import all_of, details_of, draft_of, fill, registers


@pytest.mark.parametrize(
    ("content", "opening"),
    [
        (
            {"text": "x" * 4097},
            "That is 4097 characters long; at most 100 fit here. Please shorten it a little.",
        ),
        ({"text": "x"}, "That is very short. Please write at least 2 characters."),
        ({"text": "🙏🙏"}, "Please write this with letters."),
        (
            {"text": "\u202e\u200b"},
            "That message has nothing that can be read. Please write the answer in words.",
        ),
        (
            {"photo": [{"file_id": "F", "file_unique_id": "U", "width": 1, "height": 1}]},
            "Please write this answer as text; other kinds of messages cannot be taken here.",
        ),
        (
            {
                "sticker": {
                    "file_id": "F",
                    "file_unique_id": "U",
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "Please write this answer as text; other kinds of messages cannot be taken here.",
        ),
        ({"text": "/unknown"}, "I do not know that command; /help lists those that I know."),
    ],
)
async def test_what_is_no_name_is_answered_with_the_question_again(
    meeting: Meeting, ani: Chatter, content: dict[str, Any], opening: str
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    question = ani.said

    await ani.sends(content)

    assert ani.said == f"{opening}\n\n{question}"
    await ani.says("Ani")
    assert "step 3 of 5" in ani.said


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
        ("  Ani\n🌸   Lestari ", "Ani 🌸 Lestari"),
        ("محمد علي\u202e", "محمد علي"),
        ("{name} %s", "{name} %s"),
    ],
)
async def test_unusual_names_are_kept_as_they_are_and_shown_escaped(
    database: Database, meeting: Meeting, ani: Chatter, typed: str, kept: str
) -> None:
    await registers(ani, typed, "KPU", "KPU", "Member")

    [mine] = await all_of(database, ani)
    assert mine.name == kept
    for message in ani.messages:
        assert "<script" not in str(message.get("text", message.get("caption")))


async def test_an_old_button_changes_nothing(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    agree = ani.data_of("I agree")
    await ani.forges(agree)
    question = ani.said
    await ani.forges(agree)

    assert ani.sent.toasts[-1] == "That button is from an earlier step. The current one is below."
    assert ani.said == question
    await fill(ani)
    await ani.taps("Send")
    assert await details_of(database, ani) == [
        ("Ani Lestari", "kpu", "KPU Kota Palembang", "Member", "registered")
    ]


@pytest.mark.parametrize(
    "data",
    [
        "form",
        "form:",
        "form:o",
        "form:o:!:1",
        "form:zz:1:1",
        "form:d:1",
        "form:c:1:zzz",
        "form:o:1:1:1:1:1:1",
    ],
)
async def test_forged_form_data_changes_nothing(meeting: Meeting, ani: Chatter, data: str) -> None:
    await ani.forges(data)
    assert ani.sent.toasts[-1] == "This form has ended; nothing was changed."

    await ani.says("/daftar")
    await ani.taps("I agree")
    question = ani.said
    await ani.forges(data)
    assert ani.said == question


async def test_forged_actions_of_the_right_step_change_nothing(meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    question = ani.said
    _, _, revision = ani.data_of("Back").split(":")

    for data in (f"form:d:{revision}", f"form:n:{revision}", f"form:o:{revision}:abc"):
        await ani.forges(data)
        assert ani.said == question
    for data in (f"form:s:{revision}", f"form:k:{revision}"):
        await ani.forges(data)
        assert ani.said == f"This question needs an answer.\n\n{question}"
    for data in (f"form:c:{revision}:1", f"form:c:{revision}:zz", f"form:c:{revision}"):
        await ani.forges(data)
        assert ani.said == f"That answer cannot be changed now.\n\n{question}"


async def test_a_command_in_the_middle_is_answered_and_the_form_waits(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    await ani.says("/dataku")

    assert ani.messages[-3]["text"].startswith("🗂 <b>What this bot keeps about you</b>")
    assert ani.said == (
        "⏳ Your registration still waits; nothing that you entered is lost.\n\n"
        "<b>Registration</b> · step 3 of 5\n\nWhich stakeholder group do you belong to?"
    )
    await ani.taps("KPU")
    await ani.says("KPU")
    await ani.says("Member")
    assert "Name: <b>Ani Lestari</b>" in ani.said


async def test_beginning_the_same_form_again_goes_on_where_it_was(meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    before = len(ani.messages)
    await ani.says("/daftar")

    assert [message["text"].partition("\n")[0] for message in ani.messages[before:]] == [
        "👋 <b>First Meeting</b>",
        "<b>Registration</b> · step 3 of 5",
    ]


async def test_cancelling_keeps_nothing(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/batal")
    assert ani.said == "There is nothing to cancel: no form is open. /help shows what you can do."

    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    await ani.says("/batal")

    assert ani.said == (
        "Your registration was cancelled and nothing of it was kept. To begin again, type /register."
    )
    assert not await draft_of(database, ani)


async def test_a_second_confirmation_registers_nobody_twice(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await fill(ani)
    send = ani.data_of("Send")
    await ani.forges(send)
    await ani.forges(send)

    assert len(await all_of(database, ani)) == 1
    assert ani.sent.toasts[-1] == "This form has ended; nothing was changed."
    assert ani.said == "This form has ended; nothing was changed. /help shows what you can do."
