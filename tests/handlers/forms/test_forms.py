"""The form runner in the chat: every kind of question, and endings that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import LimitReached
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Attachment, Choice, Contact, Facts, Option, Text, YesNo
from bot.storage import conversations, people
from bot.storage.database import Database, Transaction
from bot.storage.values import base36
from handlers import router
from handlers.forms import form_state, form_views, forms
from handlers.routing import Command
from handlers.taps import LIMIT, Button
from handlers.turn import Turn
from tests.handlers.conftest import NOW, Chatter

SAMPLE = Form(
    "test-sample",
    1,
    (
        Text(key="story", prompt="Tell {topic}.", label="Story", max_length=2000, multiline=True),
        Contact(key="phone", prompt="Your phone?", label="Phone", optional=True),
        Attachment(key="file", prompt="A file?", label="File", optional=True),
    ),
)
SHORT = Form(
    "test-short",
    1,
    (Choice(key="size", prompt="Which size?", label="Size", options=(Option("s", "S"), Option("l", "L"))),),
    review=False,
)

WORDY = Form(
    "test-wordy",
    1,
    (
        Text(
            key="answer", prompt=f"Do you agree?\n\n{'All the details. ' * 40}", label="Answer", max_length=5
        ),
    ),
)

endings: list[tuple[dict[str, Any], Facts]] = []
refusing: list[bool] = []


async def ends(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    """Write and say something, then perhaps refuse."""
    await people.choose_locale(turn.tx, turn.user.id, "en")
    turn.reply("ended")
    if refusing:
        raise LimitReached
    endings.append((answers, facts))


async def on_sample(turn: Turn) -> None:
    await forms.begin(turn, "test-sample", {"number": int(turn.args[0]), "topic": {"id": "A", "en": "<B>"}})


async def on_short(turn: Turn) -> None:
    await forms.begin(turn, "test-short", {})


async def on_wordy(turn: Turn) -> None:
    await forms.begin(turn, "test-wordy", {})


async def on_resume(turn: Turn) -> None:
    if not await forms.resume(turn):
        turn.reply("no form")


@pytest.fixture(autouse=True)
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three forms, and commands that begin them."""
    endings.clear()
    refusing.clear()
    monkeypatch.setattr(form_state, "_journeys", dict(form_state._journeys))
    for form, title in ((SAMPLE, "sample"), (SHORT, "short one"), (WORDY, "wordy one")):
        words = forms.FormWords(title=title, again="/again")
        forms.register(forms.FormJourney(form=form, words=words, finish=ends))
    known = {
        **router.commands(),
        "sample": Command(("sample",), on_sample, ""),
        "short": Command(("short",), on_short, ""),
        "wordy": Command(("wordy",), on_wordy, ""),
        "resume": Command(("resume",), on_resume, ""),
    }
    monkeypatch.setattr(router, "commands", lambda: known)


async def chosen_locale(database: Database, person: Chatter) -> str | None:
    found = await database.read(lambda tx: people.find(tx, person.id))
    assert found is not None
    return found.chosen_locale


async def test_every_kind_of_answer_reaches_the_end(ani: Chatter) -> None:
    await ani.says("/sample 1")
    assert ani.said == "<b>Sample</b> · step 1 of 3\n\nTell &lt;B&gt;."
    await ani.says("one\n\n\n\ntwo ")
    share = ani.messages[-1]["reply_markup"]["keyboard"]
    assert share == [[{"text": "📱 Share my phone number", "request_contact": True}]]
    await ani.says("not a number")
    assert "That does not look like a phone number." in ani.messages[-2]["text"]
    await ani.sends({"contact": {"phone_number": "628123456789", "first_name": "Ani", "user_id": ani.id}})
    assert ani.messages[-2]["reply_markup"] == {"remove_keyboard": True}
    await ani.sends(
        {"document": {"file_id": "D", "file_unique_id": "U", "file_name": "a.pdf", "file_size": 9}}
    )
    assert "File: <b>a.pdf</b>" in ani.said
    await ani.taps("Send")

    file = {"kind": "document", "file_id": "D", "name": "a.pdf", "size": 9}
    answers = {"story": "one\n\ntwo", "phone": "+628123456789", "file": file}
    assert endings == [(answers, {"number": 1, "topic": {"id": "A", "en": "<B>"}})]


async def test_what_is_optional_can_be_skipped_and_the_keyboard_goes(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("story")
    await ani.taps("Skip")
    assert ani.messages[-2]["reply_markup"] == {"remove_keyboard": True}
    await ani.sends({"photo": [{"file_id": "P", "file_unique_id": "U", "width": 1, "height": 1}]})
    assert "Phone: <b>(skipped)</b>\nFile: <b>a photo</b>" in ani.said
    await ani.taps("Change: File")
    await ani.taps("Skip")
    await ani.taps("Send")

    assert [answers for answers, _ in endings] == [{"story": "story", "phone": None, "file": None}]


async def test_writing_at_the_review_shows_it_again(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("story")
    await ani.taps("Skip")
    await ani.taps("Skip")
    await ani.says("please send")

    assert ani.said.startswith(
        "Please use the buttons below: send, or change an answer first.\n\n📝 <b>Sample</b>"
    )
    assert endings == []


async def test_a_tapped_question_shows_its_answer_and_has_no_buttons_any_more(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("story")
    await ani.taps("Skip")

    edited = [call.payload for call in ani.sent.calls if call.method == "editMessageText"]
    assert [(payload["text"], payload["reply_markup"]) for payload in edited] == [
        ("✅ <b>Phone</b>: (skipped)", {"inline_keyboard": []})
    ]


async def test_a_refused_ending_is_undone_but_the_draft_stays(database: Database, ani: Chatter) -> None:
    refusing.append(True)
    await ani.says("/short")
    await ani.taps("L")

    assert ani.said == (
        "You have sent as many submissions as this session allows. Thank you.\n\n"
        "What you entered is kept: change it, try again, or discard it with /cancel.\n\n"
        "📝 <b>Short one</b>: your answers\n\nSize: <b>L</b>\n\nPlease check once more before you send."
    )
    assert [message["text"] for message in ani.messages].count("ended") == 0
    assert (await chosen_locale(database, ani), endings) == (None, [])

    refusing.clear()
    await ani.taps("Send")
    assert (ani.said, endings) == ("ended", [({"size": "l"}, {})])
    assert await chosen_locale(database, ani) == "en"


async def test_a_form_without_review_ends_with_its_last_answer(ani: Chatter) -> None:
    await ani.says("/short")
    await ani.says("s")

    assert (ani.said, endings) == ("ended", [({"size": "s"}, {})])


async def test_a_form_without_any_answer_gives_way_to_another(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("/short")

    assert ani.said == "<b>Short one</b>\n\nWhich size?"


async def test_with_answers_the_person_decides_which_form_goes_on(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("story")
    await ani.says("/short")
    assert ani.said == (
        "Your <b>sample</b> is not finished yet. Go on with it, or begin <b>short one</b>? If you begin"
        " <b>short one</b>, what you entered for <b>sample</b> is discarded."
    )
    await ani.says("0812 3456 7890")
    assert "step 3 of 3" in ani.said
    await ani.taps("Begin: short one")
    assert ani.sent.toasts[-1] == "That button is from an earlier step. The current one is below."

    await ani.says("/short")
    await ani.taps("Begin: short one")
    assert ani.said == "<b>Short one</b>\n\nWhich size?"


async def test_resuming_asks_the_question_again(ani: Chatter) -> None:
    await ani.says("/resume")
    assert ani.said == "no form"
    await ani.says("/short")
    question = ani.said
    await ani.says("/resume")
    assert [message["text"] for message in ani.messages[1:]] == [question, question]


async def test_cancelling_where_a_contact_is_asked_takes_the_keyboard_away(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("story")
    await ani.taps("Cancel")

    assert ani.said == "Your sample was cancelled and nothing of it was kept. To begin again, type /again."
    assert ani.messages[-1]["reply_markup"] == {"remove_keyboard": True}


async def test_a_form_that_the_program_no_longer_has_is_let_go(database: Database, ani: Chatter) -> None:
    async def leave_behind(tx: Transaction) -> None:
        await conversations.save(tx, ani.id, ani.id, "gone", "{}", NOW)

    await database.write(leave_behind)
    await ani.says("hello")
    assert ani.said.startswith("No question is open")
    await ani.says("/batal")
    assert await database.read(lambda tx: conversations.find(tx, ani.id, ani.id)) is None


async def test_a_long_answer_still_fits_the_review(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("👍" * 2000)
    await ani.taps("Skip")
    await ani.taps("Skip")

    assert len(ani.said.encode("utf-16-le")) // 2 <= 4096
    await ani.taps("Send")
    assert endings[0][0]["story"] == "👍" * 2000


def test_a_form_is_declared_once_and_a_consent_needs_an_answer_to_no() -> None:
    words = forms.FormWords(title="short one", again="/short")
    with pytest.raises(ValueError, match="twice"):
        forms.register(forms.FormJourney(form=SHORT, words=words, finish=ends))
    agree = YesNo(key="agree", prompt="Agree?", label="Consent", yes="Yes", no="No", must_agree=True)
    with pytest.raises(ValueError, match="declines"):
        forms.register(forms.FormJourney(form=Form("consent", 1, (agree,)), words=words, finish=ends))


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    labels = ["TNI", "Polri", "Partai politik", "Organisasi kemasyarakatan", "KPU", "Media"]
    rows = form_views.in_rows([Button(label) for label in labels])

    assert [[button.text for button in row] for row in rows] == [
        ["TNI", "Polri"],
        ["Partai politik"],
        ["Organisasi kemasyarakatan"],
        ["KPU", "Media"],
    ]


def test_buttons_fit_the_limit_whatever_the_option_and_revision() -> None:
    longest = f"form:o:{base36(2**53)}:{form_views.mark('x' * 500)}"
    assert len(longest) <= LIMIT


async def test_the_rest_of_a_text_that_the_app_has_cut_is_not_taken_as_the_answer(ani: Chatter) -> None:
    def piece(number: int, text: str, seconds: int) -> dict[str, Any]:
        return {"message_id": number, "text": text, "date": int(NOW.timestamp()) + seconds}

    await ani.says("/sample 1")
    await ani.sends(piece(5000, "x" * 4096, 0))
    assert ani.said.startswith("That is 4096 characters long; at most 2000 fit here.")
    await ani.sends(piece(5001, "y" * 4096, 1))
    assert ani.said.startswith(
        "That was the rest of your long message; none of it was taken.\n\n<b>Sample</b>"
    )
    told = len(ani.messages)
    await ani.sends(piece(5002, "the end", 1))
    assert len(ani.messages) == told

    await ani.sends(piece(5005, "a shorter one", 2))
    assert "step 2 of 3" in ani.messages[-2]["text"]


async def test_an_answer_long_after_a_text_that_was_too_long_is_taken(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.sends({"message_id": 5000, "text": "x" * 4096})
    await ani.sends({"message_id": 5001, "text": "short", "date": int(NOW.timestamp()) + 60})

    assert "step 2 of 3" in ani.messages[-2]["text"]


async def test_of_an_album_the_first_file_is_taken_and_the_rest_told_once(ani: Chatter) -> None:
    await ani.says("/sample 1")
    await ani.says("story")
    await ani.taps("Skip")
    photos = [
        {"photo": [{"file_id": name, "file_unique_id": name, "width": 1, "height": 1}], "media_group_id": "1"}
        for name in "ABC"
    ]
    for photo in photos:
        await ani.sends(photo)

    assert ani.messages[-2]["text"].startswith("📝 <b>Sample</b>")
    assert ani.said == "Of files that are sent together only the first is taken."
    await ani.taps("Send")
    assert endings[0][0]["file"]["file_id"] == "A"


async def test_a_long_question_is_said_in_full_once(ani: Chatter) -> None:
    await ani.says("/wordy")
    assert ani.said.endswith("All the details. ")
    again = "<b>Wordy one</b>\n\nDo you agree?\n\n<i>The whole text stands further up in this chat.</i>"

    await ani.says("much too long")
    assert (
        ani.said == f"That is 13 characters long; at most 5 fit here. Please shorten it a little.\n\n{again}"
    )
    await ani.says("/dataku")
    assert ani.said == f"⏳ Your wordy one still waits; nothing that you entered is lost.\n\n{again}"
    await ani.says("/resume")
    assert ani.said.endswith("All the details. ")
