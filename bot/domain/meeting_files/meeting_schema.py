"""The form of each part of a meeting file. Loaded only when a file is read: nothing else needs pydantic."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.meeting_files.meeting_fields import (
    DatedMoment,
    Day,
    FilledLine,
    Headings,
    Kinds,
    Line,
    Lines,
    MapPoint,
    MeetingCode,
    Moment,
    OptionalParagraphs,
    OptionalTitle,
    Options,
    Paragraphs,
    Schedule,
    Sectors,
    ShortSlug,
    Slug,
    Slug60,
    Title,
    TrueFalse,
    Url,
    YesNo,
    Zone,
)
from bot.domain.polls.polls import EXPLANATION_LIMIT, MOST_OPTIONS, QUESTION_LIMIT, SCALE_STEPS


class Part(BaseModel):
    """A part of the file; an unknown field is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OfficePart(Part):
    code: Slug
    name: FilledLine
    city: FilledLine
    timezone: Zone = "Asia/Jakarta"
    locale: Literal["id", "en"] = "id"
    contact: Line = ""
    letterhead: Lines = ""


class SectorPart(Part):
    code: ShortSlug
    name: Title
    quota: Annotated[int, Field(ge=1, le=100_000)] | None = None


class MeetingPart(Part):
    code: MeetingCode
    title: Title
    theme: OptionalTitle = {}
    venue: FilledLine
    address: Line = ""
    start: DatedMoment
    end: Moment
    state: Literal["draft", "open", "running", "closed", "archived"] = "draft"
    contact: Line = ""
    map: MapPoint = None
    approval: YesNo = False


class QuestionPart(Part):
    """As :class:`bot.storage.meetings.RegistrationQuestion`."""

    id: ShortSlug
    kind: Literal["text", "choice", "number", "yesno"] = "text"
    label: Title
    options: tuple[Title, ...] = ()
    required: YesNo = True

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if (self.kind == "choice") != bool(self.options) or len(self.options) > 20:
            raise PydanticCustomError("bad_options", "", {})
        return self


class AgendaPart(Part):
    slug: Slug
    start: Moment
    end: Moment | None = None
    minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None
    title: Title
    speaker: Line = ""
    position: OptionalTitle = {}


class FilePart(Part):
    """A file that this bot was sent: it stands in an export, nobody writes it by hand."""

    kind: Literal["photo", "document"]
    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Line = ""
    bytes: Annotated[int, Field(ge=0)] | None = None


class MaterialPart(Part):
    slug: Slug
    agenda: Slug | None = None
    title: Title
    url: Url | None = None
    file: FilePart | None = None

    @model_validator(mode="after")
    def _link_or_file(self) -> Self:
        if (self.url is None) == (self.file is None):
            raise PydanticCustomError("link_or_file", "", {})
        return self


class SessionPart(Part):
    slug: Slug
    agenda: Slug | None = None
    topic: Title
    prompt: OptionalParagraphs = {}
    kinds: Kinds = ("challenge", "suggestion", "input", "question")
    anonymity: Literal["allowed", "forced", "off"] = "allowed"
    limit_per_person: Annotated[int, Field(ge=1, le=100)] = 5
    text_limit: Annotated[int, Field(ge=20, le=3000)] = 500
    headings: Headings = ()
    sectors: Sectors = "all"
    moderation: Literal["before", "after"] = "before"
    follows_agenda: YesNo = False

    @model_validator(mode="after")
    def _follows_something(self) -> Self:
        if self.follows_agenda and self.agenda is None:
            raise PydanticCustomError("follows_nothing", "", {})
        return self


class PollPart(Part):
    """A scale may leave its options out, or name what its two ends mean."""

    slug: Slug
    kind: Literal["one", "several", "scale", "ranking", "quiz"] = "one"
    question: Annotated[FilledLine, Field(max_length=QUESTION_LIMIT)]
    options: Options = ()
    right: Line | None = None
    explanation: Annotated[Lines, Field(max_length=EXPLANATION_LIMIT)] = ""
    hidden: YesNo = False

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        count = len(self.options)
        fits = count in (0, 2, SCALE_STEPS) if self.kind == "scale" else 2 <= count <= MOST_OPTIONS
        if not fits:
            raise PydanticCustomError("bad_poll_options", "", {})
        return self

    @model_validator(mode="after")
    def _right_fits(self) -> Self:
        if self.kind == "quiz":
            if self.right is None or self.right.casefold() not in map(str.casefold, self.options):
                raise PydanticCustomError("bad_right", "", {})
        elif self.right is not None or self.explanation:
            raise PydanticCustomError("bad_right", "", {})
        return self


class StatementPart(Part):
    slug: Slug
    text: Title
    answer: TrueFalse
    legal_basis: Annotated[FilledLine, Field(max_length=600)]
    rule: Slug60 | None = None


class LegalBasisPart(Part):
    instrument: FilledLine
    article: Line | None = None
    about: Line | None = None


class WithoutPart(Part):
    """Who is left out of an audience."""

    sectors: tuple[Slug, ...] = ()
    institutions: tuple[FilledLine, ...] = ()


class AudiencePart(Part):
    """As :class:`bot.domain.notices.audience.Audience`."""

    sectors: Sectors = ()
    institutions: tuple[FilledLine, ...] = ()
    states: tuple[Literal["registered", "unanswered", "attended", "absent"], ...] = ("registered",)
    groups: YesNo = False
    organisers: YesNo = False
    without: WithoutPart | None = Field(None, alias="except")

    @model_validator(mode="after")
    def _means_somebody(self) -> Self:
        if not (self.sectors or self.institutions or self.groups or self.organisers):
            raise PydanticCustomError("nobody", "", {})
        return self


class ReminderPart(Part):
    """A text of its own, or (``rule``) a card of ``bot/data/rules`` or of the office."""

    slug: Slug
    title: Title | None = None
    text: Paragraphs | None = None
    rule: Slug60 | None = None
    topic: Line | None = None
    legal_basis: tuple[LegalBasisPart, ...] = ()
    sources: tuple[Url, ...] = ()
    checked: Day | None = None
    audience: AudiencePart = AudiencePart(sectors="all")
    schedule: Schedule
    grace_minutes: Annotated[int, Field(ge=1, le=10_080)] = 180

    @model_validator(mode="after")
    def _card_or_text(self) -> Self:
        if (self.rule is None) == (self.text is None) or (self.text is not None and self.title is None):
            raise PydanticCustomError("card_or_text", "", {})
        return self
