"""The steps of a person through a form, and that nothing they do loses what they entered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.forms import forms
from bot.domain.forms.forms import Declined, Form, Progress
from bot.domain.forms.questions import (
    Answers,
    Attachment,
    Choice,
    Chosen,
    Contact,
    Facts,
    Given,
    Invalid,
    Option,
    Question,
    SharedContact,
    Text,
    Typed,
    Unusable,
    Upload,
    YesNo,
)

FRUIT = (Option("apple", "Apple"), Option("pear", "Pear"), Option("plum", "Plum", available=False))
YESNO = (Option("yes", "Yes"), Option("no", "No"))


def _wants_photo(answers: Answers, _: Facts) -> bool:
    return bool(answers["fruit"] == "pear")


FORM = Form(
    "sample",
    1,
    (
        YesNo(key="agree", prompt="Agree?", label="Consent", yes="Yes", no="No", must_agree=True),
        Text(key="name", prompt="Name?", label="Name", min_length=2, max_length=10),
        Choice(key="fruit", prompt="Fruit?", label="Fruit", options=FRUIT),
        Attachment(key="photo", prompt="Photo?", label="Photo", only_if=_wants_photo, max_bytes=1000),
        Contact(key="phone", prompt="Phone?", label="Phone", optional=True),
    ),
)

ANI = {"agree": True, "name": "Ani", "fruit": "apple", "phone": None}


def options_for(question: Question | None) -> tuple[Option, ...]:
    if isinstance(question, YesNo):
        return YESNO
    return FRUIT if isinstance(question, Choice) else ()


def take(progress: Progress, what: Given) -> Progress | Invalid | Declined:
    return forms.answer(FORM, progress, what, options_for(FORM.question(progress.current)))


def through(*inputs: Given, progress: Progress | None = None) -> Progress:
    """The progress after inputs that are all taken."""
    progress = progress or forms.start(FORM, {}, 0)
    for what in inputs:
        outcome = take(progress, what)
        assert isinstance(outcome, Progress)
        progress = outcome
    return progress


def test_answers_lead_to_the_review_and_are_handed_over_with_none_for_what_was_not_asked() -> None:
    progress = through(Chosen("yes"), Typed("Ani"), Chosen("apple"), SharedContact("628123456789"))

    assert forms.is_complete(FORM, progress)
    assert forms.given_answers(FORM, progress) == {
        "agree": True,
        "name": "Ani",
        "fruit": "apple",
        "photo": None,
        "phone": "+628123456789",
    }


def test_a_question_that_depends_on_an_answer_is_asked_only_then() -> None:
    apple = through(Chosen("yes"), Typed("Ani"), Chosen("apple"))
    pear = through(Chosen("yes"), Typed("Ani"), Chosen("pear"))

    assert (apple.current, forms.step(FORM, apple)) == ("phone", (4, 4))
    assert (pear.current, forms.step(FORM, pear)) == ("photo", (4, 5))


def test_changing_an_answer_in_the_review_leads_straight_back() -> None:
    review = forms.start(FORM, {}, 0, ANI)
    naming = forms.change(FORM, review, "name")
    assert isinstance(naming, Progress)

    after = through(Typed("Ani B"), progress=naming)

    assert after.current is None
    assert after.answers == {**ANI, "name": "Ani B"}


def test_a_change_that_opens_another_question_asks_it_before_the_review() -> None:
    choosing = forms.change(FORM, forms.start(FORM, {}, 0, ANI), "fruit")
    assert isinstance(choosing, Progress)

    assert through(Chosen("pear"), progress=choosing).current == "photo"


def test_going_back_twice_and_correcting_returns_to_where_the_person_was() -> None:
    asked_phone = through(Chosen("yes"), Typed("Ani"), Chosen("apple"))
    fruit = forms.back(FORM, asked_phone)
    assert isinstance(fruit, Progress)
    name = forms.back(FORM, fruit)
    assert isinstance(name, Progress)
    assert name.current == "name"

    corrected = through(Typed("Anita"), progress=name)

    assert corrected.current == "phone"
    assert corrected.answers == {"agree": True, "name": "Anita", "fruit": "apple"}


def test_back_from_a_change_is_the_review_with_the_old_answer() -> None:
    naming = forms.change(FORM, forms.start(FORM, {}, 0, ANI), "name")
    assert isinstance(naming, Progress)

    review = forms.back(FORM, naming)

    assert isinstance(review, Progress)
    assert (review.current, review.answers) == (None, ANI)


def test_an_answer_that_became_irrelevant_is_kept_and_comes_back() -> None:
    file = {"kind": "photo", "file_id": "F", "name": "", "size": 10}
    review = forms.start(FORM, {}, 0, {**ANI, "fruit": "pear", "photo": file})
    choosing = forms.change(FORM, review, "fruit")
    assert isinstance(choosing, Progress)

    apple = through(Chosen("apple"), progress=choosing)
    assert forms.given_answers(FORM, apple)["photo"] is None

    choosing_again = forms.change(FORM, apple, "fruit")
    assert isinstance(choosing_again, Progress)
    pear = through(Chosen("pear"), progress=choosing_again)
    assert (pear.current, forms.given_answers(FORM, pear)["photo"]) == (None, file)


def test_no_consent_ends_the_form() -> None:
    assert take(forms.start(FORM, {}, 0), Chosen("no")) == Declined("agree")


@pytest.mark.parametrize(
    ("current", "what", "reason"),
    [
        ("name", Upload("photo", "F", "", 1), "expects_text"),
        ("name", Unusable(), "expects_text"),
        ("name", Chosen("apple"), "expects_text"),
        ("name", Typed("x"), "too_short"),
        ("name", Typed("x" * 4097), "too_long"),
        ("name", Typed(" \u200b\u202e\n"), "empty"),
        ("fruit", Typed("Cherry"), "not_an_option"),
        ("fruit", Unusable(), "expects_choice"),
        ("fruit", Chosen("cherry"), "not_an_option"),
        ("fruit", Chosen("plum"), "unavailable"),
        ("agree", Chosen("apple"), "not_an_option"),
        ("agree", Typed("perhaps"), "not_an_option"),
        ("phone", Typed("call me"), "bad_phone"),
        ("phone", Upload("photo", "F", "", 1), "expects_contact"),
        ("photo", Typed("no photo"), "expects_attachment"),
        ("photo", Upload("photo", "F", "", 1001), "too_big"),
        (None, Typed("send it"), "at_review"),
    ],
)
def test_the_wrong_kind_of_answer_is_refused_with_its_reason(
    current: str | None, what: Given, reason: str
) -> None:
    outcome = take(Progress(ANI, {}, current, True, 0), what)

    assert isinstance(outcome, Invalid)
    assert outcome.reason == reason


def test_only_what_is_optional_can_be_skipped() -> None:
    assert forms.skip(FORM, forms.start(FORM, {}, 0)) == Invalid("required")

    skipped = forms.skip(FORM, through(Chosen("yes"), Typed("Ani"), Chosen("apple")))

    assert isinstance(skipped, Progress)
    assert (skipped.current, skipped.answers["phone"]) == (None, None)


def test_an_answer_can_be_kept_only_where_there_is_one() -> None:
    assert forms.keep(FORM, forms.start(FORM, {}, 0)) == Invalid("required")
    assert forms.keep(FORM, forms.start(FORM, {}, 0, ANI)) == Invalid("at_review")


def test_there_is_nothing_before_the_first_question_and_no_change_before_the_review() -> None:
    progress = forms.start(FORM, {}, 0)

    assert forms.back(FORM, progress) == Invalid("first_question")
    assert forms.change(FORM, progress, "agree") == Invalid("unknown_question")
    assert forms.change(FORM, forms.start(FORM, {}, 0, ANI), "photo") == Invalid("unknown_question")


def test_the_longest_text_may_depend_on_the_facts_and_a_check_may_refuse_more() -> None:
    def no_digits(text: str, _: object) -> Invalid | None:
        return Invalid("No digits, please.") if any(letter.isdigit() for letter in text) else None

    form = Form(
        "note",
        1,
        (
            Text(
                key="note",
                prompt="Note?",
                label="Note",
                max_length=lambda _, facts: facts["room"],
                check=no_digits,
            ),
        ),
    )
    progress = forms.start(form, {"room": 3}, 0)

    assert forms.answer(form, progress, Typed("four")) == Invalid("too_long", {"length": 4, "limit": 3})
    assert forms.answer(form, progress, Typed("a1")) == Invalid("No digits, please.")
    assert isinstance(forms.answer(form, progress, Typed("abc")), Progress)


def test_a_form_needs_questions_with_keys_of_their_own() -> None:
    twice = Text(key="name", prompt="Name?", label="Name")
    with pytest.raises(ValueError, match="twice"):
        Form("twice", 1, (twice, twice))


def test_progress_comes_back_from_json_as_it_was() -> None:
    progress = through(Chosen("yes"), Typed("Ani"))

    assert forms.restore(FORM, progress.to_json(FORM)) == progress


def test_a_half_filled_form_of_an_older_version_goes_on_at_the_first_open_question() -> None:
    old = Form("sample", 0, (Text(key="gone", prompt="?", label="?"), *FORM.questions[1:3]))
    stored = Progress({"gone": "x", "name": "Ani"}, {"meeting": 1}, "fruit", False, 7).to_json(old)

    restored = forms.restore(FORM, stored)

    assert (restored.current, restored.answers, restored.facts) == ("agree", {"name": "Ani"}, {"meeting": 1})
    assert restored.revision != 7


WORDS = st.text(max_size=30) | st.sampled_from(["Ani", "Apple", "0812 3456 7890", "yes", "x" * 4097])
INPUTS = st.one_of(
    WORDS.map(Typed),
    st.sampled_from(["yes", "apple", "pear", "plum", "forged", ""]).map(Chosen),
    st.sampled_from(["628123456789", "", "call"]).map(SharedContact),
    st.builds(
        Upload,
        kind=st.sampled_from(["photo", "document"]),
        file_id=st.just("F"),
        name=WORDS,
        size=st.none() | st.integers(0, 3000),
    ),
    st.just(Unusable()),
)
STEPS = st.one_of(
    INPUTS,
    st.sampled_from(["skip", "back", "keep", "restart"]),
    st.sampled_from(["agree", "name", "fruit", "photo", "phone", "forged"]).map(lambda key: ("change", key)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=40), st.booleans())
def test_whatever_a_person_does_they_stand_somewhere_and_lose_nothing(
    steps: list[Given | str | tuple[str, str]], filled: bool
) -> None:
    progress = forms.start(FORM, {}, 0, ANI if filled else None)
    for move in steps:
        before = progress
        outcome: Progress | Invalid | Declined
        if isinstance(move, tuple):
            outcome = forms.change(FORM, progress, move[1])
        elif move == "skip":
            outcome = forms.skip(FORM, progress)
        elif move == "back":
            outcome = forms.back(FORM, progress)
        elif move == "keep":
            outcome = forms.keep(FORM, progress)
        elif move == "restart":
            outcome = forms.restore(FORM, progress.to_json(FORM))
            assert outcome == progress
            continue
        else:
            assert not isinstance(move, str)
            outcome = take(progress, move)
        if not isinstance(outcome, Progress):
            continue
        progress = outcome
        assert progress.revision > before.revision

        # Only the question that was asked may have another answer now.
        changed = {key for key in before.answers if progress.answers[key] != before.answers[key]}
        assert changed <= {before.current}
        asked = [question.key for question in forms.applicable(FORM, progress)]
        if progress.current is None:
            assert set(asked) <= set(progress.answers)
            assert forms.is_complete(FORM, progress)
        else:
            assert progress.current in asked
        number, total = forms.step(FORM, progress)
        assert 1 <= number <= total == len(asked)
