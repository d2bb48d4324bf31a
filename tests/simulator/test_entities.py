"""HTML and MarkdownV2 as Telegram reads them.

Rules: core.telegram.org/bots/api, "Formatting options"; the wording of refusals is what the server answers.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import ApiError
from simulator.markup.render import render_html
from simulator.markup.text import format_text
from simulator.markup.utf16 import utf16_length, utf16_slices


def _entities(source: str, mode: str = "HTML") -> tuple[str, list[tuple[object, ...]]]:
    text, entities = format_text(source, parse_mode=mode, entities=None)
    return text, [(e["type"], e["offset"], e["length"], *_extra(e)) for e in entities]


def _extra(entity: dict[str, object]) -> list[object]:
    return [value for name, value in entity.items() if name not in ("type", "offset", "length")]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("biasa", "biasa", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
        ),
        (
            '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
            "ab",
            [("spoiler", 0, 1), ("spoiler", 1, 1)],
        ),
        ("<b>😀 tebal</b> x", "😀 tebal x", [("bold", 0, 8)]),
        ("😀<b>a</b>", "😀a", [("bold", 2, 1)]),
        ("<b>a <i>b</i></b>", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("&lt;b&gt; &amp; &quot; &#39; &#x41;", "<b> & \" ' A", []),
        ("&nbsp; & AT&T", "&nbsp; & AT&T", []),
        (
            '<a href="https://bawaslu.go.id/x?a=1&amp;b=2">situs</a>',
            "situs",
            [("text_link", 0, 5, "https://bawaslu.go.id/x?a=1&b=2")],
        ),
        ("<a href='tg://user?id=7'>Ani</a>", "Ani", [("text_mention", 0, 3, {"id": 7})]),
        ('<a href="tanpa alamat">x</a>', "x", []),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<pre>x</pre>", "x", [("pre", 0, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1, "python")]),
        ('<code class="language-python">x</code>', "x", [("code", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<B>a</B >", "a", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("  <b> a</b> \n", "a", [("bold", 0, 1)]),
    ],
)
def test_html(source: str, text: str, entities: list[tuple[object, ...]]) -> None:
    assert _entities(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a<i>b</b>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <", "Unclosed start tag at byte offset 2"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<script>alert(1)</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a ='x'>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href='x>y</a>", "Unclosed start tag at byte offset 0"),
        ("<a href=a:b>y</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
def test_broken_html(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text(source, parse_mode="HTML", entities=None)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        (
            "*a* _b_ __c__ ~d~ ||e||",
            "a b c d e",
            [
                ("bold", 0, 1),
                ("italic", 2, 1),
                ("underline", 4, 1),
                ("strikethrough", 6, 1),
                ("spoiler", 8, 1),
            ],
        ),
        ("*a _b_*", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        (r"1\. satu\!", "1. satu!", []),
        ("`a*b`", "a*b", [("code", 0, 3)]),
        ("```py\nx=1```", "x=1", [("pre", 0, 3, "py")]),
        ("[situs](https://bawaslu.go.id/x)", "situs", [("text_link", 0, 5, "https://bawaslu.go.id/x")]),
        ("[Ani](tg://user?id=7)", "Ani", [("text_mention", 0, 3, {"id": 7})]),
        (">kutipan\nlagi", "kutipan\nlagi", [("blockquote", 0, 7)]),
        ("_a __b___", "a b", [("italic", 0, 3), ("underline", 2, 1)]),
    ],
)
def test_markdown(source: str, text: str, entities: list[tuple[object, ...]]) -> None:
    assert _entities(source, "MarkdownV2") == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("Selesai.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a - b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("é *a", "Can't find end of Bold entity at byte offset 3"),
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("*a _b* c_", "Can't find end of Italic entity at byte offset 3"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 3"),
    ],
)
def test_broken_markdown(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text(source, parse_mode="MarkdownV2", entities=None)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "entities"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("lihat /agenda@rakor_sim_bot.", [("bot_command", 6, 21)]),
        ("a/b 1/2", []),
        ("hubungi @ani_sari ya", [("mention", 8, 9)]),
        ("surat a.b@kpu.go.id", [("email", 6, 13)]),
        ("buka https://jdih.bawaslu.go.id/x_(1).", [("url", 5, 32)]),
        ("buka bawaslu.go.id, ya", [("url", 5, 13)]),
        ("tanggal 6.8.2024 pukul 09.00", []),
        ("#rakor #123", [("hashtag", 0, 6)]),
        ("+62 812-3456-7890", [("phone_number", 0, 17)]),
        ("👍 /agenda", [("bot_command", 3, 7)]),
    ],
)
def test_what_telegram_finds_by_itself(source: str, entities: list[tuple[object, ...]]) -> None:
    assert _entities(source, "")[1] == entities


@pytest.mark.parametrize(
    ("entity", "refusal"),
    [
        ({"type": "bold", "offset": 0, "length": 3}, None),
        ({"type": "url", "offset": 0, "length": 1}, None),
        (
            {"type": "bold", "offset": 1, "length": 3},
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4",
        ),
        (
            {"type": "sparkle", "offset": 0, "length": 1},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        ({"type": "bold"}, "can't parse MessageEntity: Can't find field \"offset\""),
    ],
)
def test_entities_given_by_the_caller(entity: dict[str, object], refusal: str | None) -> None:
    if refusal is None:
        text, entities = format_text("😀a", parse_mode=None, entities=[entity])
        assert text == "😀a"
        assert entities == ([] if entity["type"] == "url" else [entity])
    else:
        with pytest.raises(ApiError) as refused:
            format_text("😀a", parse_mode=None, entities=[entity])
        assert refused.value.description == f"Bad Request: {refusal}"


def test_nothing_is_found_inside_code() -> None:
    assert _entities("<code>/start</code> /agenda") == (
        "/start /agenda",
        [("code", 0, 6), ("bot_command", 7, 7)],
    )


@given(st.text(max_size=60))
def test_escaped_text_always_passes_and_comes_back(text: str) -> None:
    from html import escape

    plain, _ = format_text(f"<b>x</b>{escape(text)}<i>x</i>", parse_mode="HTML", entities=None)

    assert plain.replace("\r", "") == f"x{text}x".replace("\r", "")


@given(st.text(alphabet="<>/b&;aé😀= '\"i", max_size=40))
def test_any_html_parses_or_is_refused(source: str) -> None:
    try:
        text, entities = format_text(source, parse_mode="HTML", entities=None)
    except ApiError:
        return
    length = utf16_length(text)
    assert all(e["offset"] >= 0 and 0 < e["length"] <= length - e["offset"] for e in entities)


def test_rendering_escapes_and_nests() -> None:
    text, entities = format_text(
        '<b>1 &lt; 2 <i>&amp;</i></b> <a href="https://a.id/?x=&quot;y&amp;z">s</a>',
        parse_mode="HTML",
        entities=None,
    )

    assert render_html(text, entities) == (
        "<b>1 &lt; 2 <i>&amp;</i></b> "
        '<a href="https://a.id/?x=&quot;y&amp;z" target="_blank" rel="noopener noreferrer">s</a>'
    )


def test_the_line_break_after_a_quotation_makes_no_empty_line() -> None:
    text, entities = format_text(
        "Dasar:\n<blockquote>Pasal 71</blockquote>\n\nlalu <pre>kode</pre>\n",
        parse_mode="HTML",
        entities=None,
    )

    assert render_html(text, entities) == "Dasar:\n<blockquote>Pasal 71</blockquote>\nlalu <pre>kode</pre>"


def test_crossing_entities_are_closed_and_opened_again() -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "italic", "offset": 2, "length": 3},
    ]

    assert render_html("😀abc", entities) == "<b>😀<i>a</i></b><i>bc</i>"


def test_commands_and_mentions_can_be_tapped() -> None:
    text, entities = format_text("/agenda @ani_sari", parse_mode=None, entities=None)

    assert render_html(text, entities) == (
        '<a class="command" href="#" data-command="/agenda">/agenda</a> '
        '<a class="mention" href="#" data-mention="@ani_sari">@ani_sari</a>'
    )


def test_slices_count_in_utf16() -> None:
    assert utf16_slices("a😀b", [1, 3]) == ["a", "😀", "b"]
