"""What is told about a mistake in a meeting file, by pydantic's type of the error or our own."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n import N_

MESSAGES: Mapping[str, str] = {
    "missing": N_("is missing"),
    "extra_forbidden": N_("is not known here"),
    "string_type": N_("a text is expected"),
    "string_too_long": N_("is too long; at most {max_length} characters fit"),
    "blank": N_("is empty"),
    "int_parsing": N_("a whole number is expected, not “{value}”"),
    "int_type": N_("a whole number is expected"),
    "int_from_float": N_("a whole number is expected"),
    "int_parsing_size": N_("the number is too large"),
    "greater_than_equal": N_("must be at least {ge}"),
    "less_than_equal": N_("must be at most {le}"),
    "literal_error": N_("must be one of {expected}, not “{value}”"),
    "too_long": N_("at most {max_length} entries fit"),
    "too_short": N_("at least one entry is expected"),
    "tuple_type": N_("a list is expected: lines that begin with -"),
    "model_type": N_("fields are expected: lines of the form name: value"),
    "bad_time": N_("a time such as 08.30, or 2024-08-06 08.30, is expected, not “{value}”"),
    "no_day": N_("the day is missing; write for example 2024-08-06 {value}"),
    "bad_day": N_("a day such as 2024-08-06 is expected, not “{value}”"),
    "bad_text": N_("a text is expected, or one text for each language"),
    "bad_language": N_("there is no language “{value}” here, only {known}"),
    "bad_slug": N_("small letters, digits and hyphens are expected, as in sesi-dialog, not “{value}”"),
    "taken_code": N_("the code “{value}” means something else in links; choose another one"),
    "bad_zone": N_(
        "a time zone such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura is expected, not “{value}”"
    ),
    "bad_url": N_("an address that begins with https:// is expected, not “{value}”"),
    "bad_bool": N_("yes or no is expected, not “{value}”"),
    "bad_truth": N_("true or false is expected, not “{value}”"),
    "bad_map": N_("latitude and longitude such as -2.97610, 104.77541 are expected, not “{value}”"),
    "bad_options": N_("a question of kind choice needs options, at most 20; the other kinds have none"),
    "bad_poll_options": N_(
        "a poll has 2 to 10 options; a scale has its five steps, or its two ends, or none"
    ),
    "twice": N_("two entries are the same"),
    "bad_right": N_(
        "a quiz needs right: with one of its options; other polls have neither right: nor explanation:"
    ),
    "follows_nothing": N_("a session that follows the agenda needs agenda: with its item"),
    "link_or_file": N_("either url: or file: is expected"),
    "card_or_text": N_("either rule: or a title: and a text: are expected"),
    "nobody": N_("nobody is meant; name sectors, groups: yes or organisers: yes"),
    "bad_sectors": N_("a list of sectors such as [asn, tni], or all, is expected, not “{value}”"),
    "bad_schedule": N_(
        "a schedule is at: 2024-09-22 08.00, or start: or end: with a distance such as H-1 08.00 or -30 minutes, or"
        " weekly: mon 08.00, not “{value}”"
    ),
}
