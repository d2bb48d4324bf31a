"""Rules outside of the private chat: short answers in groups, and ``@bot question`` in any chat."""

from __future__ import annotations

from html import escape

from bot.domain.language.texts import clean, clip
from bot.domain.rules.rules import EVERYBODY, LINK_PREFIX, Card
from handlers.rules import rule_views as views
from handlers.rules.rule_setting import Setting, setting_of
from handlers.taps import Button, link
from handlers.turn import Turn

ECHO = 100
"""Characters of a question that are said again."""
INLINE_RESULTS = 12
INLINE_CACHE_SECONDS = 60


def answer_group(turn: Turn, setting: Setting, question: str) -> None:
    t = turn.t
    private = link(
        t.gettext("All rules, in private"), f"https://t.me/{turn.bot_username}?start={LINK_PREFIX}list"
    )
    if not question:
        turn.reply(
            t.gettext(
                "📘 Ask me about the rules of the elections in this group: <code>/rules</code> and your question, for"
                " example <code>/rules may a village head campaign?</code>"
            ),
            [[private]],
        )
        return
    hits = setting.rules.index.search(question, 1)
    if not hits or not hits[0].is_sure:
        turn.reply(nothing_fits(turn, setting, escape(clip(question, ECHO), quote=False)), [[private]])
        return
    card = hits[0].card
    turn.reply(views.short(t, card, is_draft=setting.is_draft(card)), [[opening(turn, card)]])


def link_to(turn: Turn, card: Card) -> str:
    return f"https://t.me/{turn.bot_username}?start={LINK_PREFIX}{card.code}"


def opening(turn: Turn, card: Card) -> Button:
    return link(turn.t.gettext("Sources and more"), link_to(turn, card))


def nothing_fits(turn: Turn, setting: Setting, asked: str) -> str:
    t = turn.t
    said = t.gettext("I found no rule that fits “{question}”. Try other words, or choose a topic.").format(
        question=asked
    )
    if setting.office is not None and setting.contact:
        said += " " + t.gettext("You can also ask {office}: {contact}.").format(
            office=escape(setting.office.name), contact=escape(setting.contact)
        )
    elif setting.office is not None:
        said += " " + t.gettext("You can also ask {office}.").format(office=escape(setting.office.name))
    return said


async def on_inline(turn: Turn) -> None:
    """``@bot question`` in any chat: cards to send there."""
    assert turn.update.inline_query is not None
    t, setting = turn.t, await setting_of(turn)
    question = clean(turn.update.inline_query.query)
    if question:
        hits = setting.rules.index.search(question, INLINE_RESULTS)
        cards = [hit.card for hit in hits if hits[0].is_sure]
        # What the button for sharing asks is the title of its card.
        cards.sort(key=lambda card: question.casefold() != clean(t.pick(card.title)).casefold())
    else:
        cards = [card for card in setting.book.cards if EVERYBODY in card.sectors]
    answer = {
        "results": [_result(turn, card, is_draft=setting.is_draft(card)) for card in cards],
        "cache_time": INLINE_CACHE_SECONDS,
        "is_personal": True,  # the language is the person's
    }
    if not cards:
        answer["button"] = {
            "text": clip(t.gettext("No rule fits. Tap to see the topics."), 60),
            "start_parameter": f"{LINK_PREFIX}list",
        }
    turn.inline_answer = answer


def _result(turn: Turn, card: Card, *, is_draft: bool) -> dict[str, object]:
    """The Bot API's InlineQueryResultArticle."""
    t = turn.t
    return {
        "type": "article",
        "id": card.code,
        "title": f"{'⚠️ ' if is_draft else ''}{t.pick(card.title)}",
        "description": clip(t.pick(card.summary), 120),
        "input_message_content": {
            "message_text": views.short(t, card, is_draft=is_draft),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {"inline_keyboard": [[opening(turn, card).as_dict()]]},
    }
