"""Deeds of consultation: open, leave an opinion, look it over, answer it.

Each is one transaction with one audit event; an event never holds an opinion's words.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import PARTNER, PLANNER, STRATEGIST, Person
from nayu.agencies.models import Appointment, PartnerBody
from nayu.agencies.queries import person_of
from nayu.approvals.domain import may, right_of
from nayu.audit.models import Event
from nayu.audit.services import record
from nayu.consultation.domain import (
    GOAL,
    HELD,
    HIDDEN,
    LONGEST,
    LONGEST_TITLE,
    NOT_ADOPTED,
    PARTNER_BODY,
    PLAN,
    PROJECT,
    PUBLIC,
    PUBLISHED,
    STANCES,
    AlreadyAnswered,
    AlreadyConsulted,
    BodyMissing,
    ConsultationClosed,
    ModerationReasonMissing,
    NotPublishedYet,
    StanceUnknown,
    TitleMissing,
    check_answer,
    check_period,
    check_rate,
    is_open,
    moderate,
)
from nayu.consultation.models import Answer, Consultation, Opinion
from nayu.consultation.queries import agency_code_of, goal_of, project_of
from nayu.core.dates import thai_date
from nayu.core.errors import NotPermitted, NotVisible
from nayu.core.thai import match_key, normalise
from nayu.projects.services import partner
from nayu.publication.models import FrozenEntry, PlanVersion
from nayu.strategy.models import Element


@dataclass(frozen=True, slots=True)
class ConsultationInput:
    """What is asked of the public, and from which day to which (both included)."""

    first_day: date
    last_day: date
    title_th: str
    title_en: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class OpinionInput:
    """`code` is a goal's number or a project's code; `body_id` only for a partner's delegate.

    `stance` is for, against or empty: whoever only wants a change need not take a side.
    """

    about_kind: str
    text: str
    code: str = ""
    body_id: int | None = None
    language: str = "th"
    stance: str = ""


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """`change` says in words what was changed; the rest says where to see it."""

    outcome: str
    reason: str
    change: str = ""
    change_project_code: str = ""
    change_version_id: int | None = None
    change_event_id: int | None = None


@transaction.atomic
def open_consultation(
    version_id: int, given: ConsultationInput, *, actor: Person, at: datetime
) -> Consultation:
    """Put a published version to the public.

    Raises NotPermitted, NotVisible, AlreadyConsulted, PeriodOutOfOrder, TitleMissing.
    """
    if not may(actor, "consultation.open"):
        raise NotPermitted(act="consultation.open", state="-")
    version = PlanVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise NotVisible
    check_period(given.first_day, given.last_day)
    title = normalise(given.title_th)
    if not title or len(title) > LONGEST_TITLE:
        raise TitleMissing(limit=LONGEST_TITLE)
    if Consultation.objects.filter(version=version).exists():
        raise AlreadyConsulted(fiscal_year=version.fiscal_year_be, number=version.number)
    assert actor.user_id is not None
    made = Consultation.objects.create(
        version=version,
        first_day=given.first_day,
        last_day=given.last_day,
        title_th=title,
        title_en=normalise(given.title_en)[:LONGEST_TITLE],
        purpose=normalise(given.purpose, keep_lines=True),
        opened_by_id=actor.user_id,
        opened_at=at,
    )
    record(
        "consultation.open",
        subject=("consultation", str(made.pk), title),
        actor=actor,
        at=at,
        holding=actor.holding_for(STRATEGIST, None),
        fiscal_year_be=version.fiscal_year_be,
        facts={
            "version": version.number,
            "first_day": given.first_day.isoformat(),
            "last_day": given.last_day.isoformat(),
        },
    )
    return made


@transaction.atomic
def leave_opinion(
    consultation_id: int, given: OpinionInput, *, client_key: str, actor: Person, at: datetime
) -> Opinion:
    """Keep an opinion, published at once or held for a look; personal numbers are masked first.

    `client_key` is a hash that stands for the sender for this day; `at` is the city's time.
    Raises NotPermitted, NotVisible, ConsultationClosed, TooManyOpinions, OpinionTooShort,
    OpinionTooLong, BodyMissing, StanceUnknown.
    """
    if not may(actor, "opinion.leave"):
        raise NotPermitted(act="opinion.leave", state="-")
    # The row's lock makes running numbers and rate limits exact.
    consultation = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(pk=consultation_id)
        .first()
    )
    if consultation is None:
        raise NotVisible
    if not is_open(consultation.first_day, consultation.last_day, at.date()):
        raise ConsultationClosed(
            first_day=thai_date(consultation.first_day), last_day=thai_date(consultation.last_day)
        )
    if given.stance not in ("", *STANCES):
        raise StanceUnknown
    element, frozen = _about(consultation.version, given)
    body = _body(given, actor)
    key = text_key(given.text)
    verdict = moderate(
        given.text,
        language=given.language,
        was_sent_before=Opinion.objects.filter(consultation=consultation, text_key=key).exists(),
    )
    check_rate(_sent_today(client_key, at), at)
    opinion = Opinion.objects.create(
        consultation=consultation,
        number=_next_number(consultation),
        about_kind=given.about_kind,
        element=element,
        frozen=frozen,
        stance=given.stance,
        text=verdict.text,
        text_key=key,
        author_kind=PARTNER_BODY if body else PUBLIC,
        body=body,
        language=given.language[:5],
        created_at=at,
        client_key=client_key,
        state=verdict.state,
        moderation_reason=verdict.reason,
    )
    _record("opinion.leave", opinion, actor, at, facts={"state": opinion.state})
    return opinion


def _about(version: PlanVersion, given: OpinionInput) -> tuple[Element | None, FrozenEntry | None]:
    if given.about_kind == GOAL:
        return goal_of(version, given.code), None
    if given.about_kind == PROJECT:
        return None, project_of(version, given.code)
    if given.about_kind == PLAN:
        return None, None
    raise NotVisible


def _body(given: OpinionInput, actor: Person) -> PartnerBody | None:
    """Only a partner body's delegate speaks in a body's name, and always does."""
    if PARTNER not in actor.roles:
        return None
    body = PartnerBody.objects.filter(pk=given.body_id).first() if given.body_id else None
    if body is None:
        raise BodyMissing
    return body


def text_key(text: str) -> str:
    """Under which two spellings of the same words meet."""
    return hashlib.sha256(match_key(text).encode()).hexdigest()


def _sent_today(client_key: str, at: datetime) -> list[datetime]:
    midnight = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
    return list(
        Opinion.objects.filter(
            client_key=client_key,
            created_at__gte=midnight,
            created_at__lt=midnight + timedelta(days=1),
        ).values_list("created_at", flat=True)
    )


def _next_number(consultation: Consultation) -> int:
    last = Opinion.objects.filter(consultation=consultation).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _locked(opinion_id: int) -> Opinion:
    found = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("consultation__version", "frozen")
        .filter(pk=opinion_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def moderate_opinion(
    opinion_id: int, *, publish: bool, reason: str = "", actor: Person, at: datetime
) -> Opinion:
    """Publish a held or hidden opinion, or hide one with a reason that its writer can read.

    Raises NotPermitted, NotVisible, ModerationReasonMissing, AlreadyAnswered.
    """
    if not may(actor, "opinion.moderate"):
        raise NotPermitted(act="opinion.moderate", state="-")
    opinion = _locked(opinion_id)
    reason = normalise(reason, keep_lines=True)[:LONGEST]
    if not publish and not reason:
        raise ModerationReasonMissing
    if not publish and Answer.objects.filter(opinion=opinion).exists():
        raise AlreadyAnswered
    before, opinion.state = opinion.state, PUBLISHED if publish else HIDDEN
    opinion.moderation_reason = reason
    opinion.save(update_fields=["state", "moderation_reason"])
    _record(
        "opinion.moderate", opinion, actor, at, role=STRATEGIST, reason=reason,
        facts={"from": before, "to": opinion.state},
    )  # fmt: skip
    return opinion


@transaction.atomic
def answer_opinion(opinion_id: int, given: AnswerInput, *, actor: Person, at: datetime) -> Answer:
    """The city's answer, once: สยป. to any opinion, a planner to those on their own projects.

    Raises NotPermitted, NotVisible, NotPublishedYet, AlreadyAnswered, OutcomeUnknown,
    AnswerReasonMissing, ChangeMissing, ChangeNotExpected, OpinionTooLong.
    """
    opinion = _locked(opinion_id)
    agency_code = agency_code_of(opinion)
    if opinion.state != PUBLISHED and not may(actor, "opinion.moderate"):
        raise NotVisible
    right = right_of(actor, "opinion.answer", agency_code=agency_code)
    if right is None:
        raise NotPermitted(act="opinion.answer", state="-")
    if opinion.state != PUBLISHED:
        raise NotPublishedYet
    if Answer.objects.filter(opinion=opinion).exists():
        raise AlreadyAnswered
    reason = normalise(given.reason, keep_lines=True)
    change = normalise(given.change, keep_lines=True)
    check_answer(given.outcome, reason, change)
    holding = actor.holding_for(right.role, agency_code)
    assert holding is not None
    assert actor.user_id is not None
    made = Answer.objects.create(
        opinion=opinion,
        outcome=given.outcome,
        reason_th=reason,
        answered_by_id=actor.user_id,
        post_code=holding.post_code,
        post_title_th=holding.title_th,
        post_title_en=holding.title_en,
        at=at,
        change_text=change,
        **_change_links(opinion, given),
    )
    _record(
        "opinion.answer", opinion, actor, at, role=right.role, reason=reason,
        facts={"outcome": given.outcome, "change": change},
    )  # fmt: skip
    return made


def _change_links(opinion: Opinion, given: AnswerInput) -> dict[str, Any]:
    """Where the change is seen; each must be of the same year's plan."""
    if given.outcome == NOT_ADOPTED:
        return {}
    year = opinion.consultation.version.fiscal_year_be
    links: dict[str, Any] = {}
    if given.change_version_id:
        links["change_version"] = PlanVersion.objects.filter(
            pk=given.change_version_id, fiscal_year_be=year
        ).first()
    if given.change_project_code:
        version = links.get("change_version") or opinion.consultation.version
        links["change_frozen"] = project_of(version, given.change_project_code)
    if given.change_event_id:
        links["change_event"] = Event.objects.filter(
            pk=given.change_event_id, fiscal_year_be=year
        ).first()
    if None in links.values():
        raise NotVisible
    return links


def _record(
    verb: str,
    opinion: Opinion,
    actor: Person,
    at: datetime,
    *,
    role: str = "",
    reason: str = "",
    facts: dict[str, Any],
) -> None:
    agency_code = agency_code_of(opinion) or ""
    record(
        verb,
        subject=("opinion", str(opinion.pk), f"{opinion.consultation} #{opinion.number}"),
        actor=actor,
        at=at,
        holding=actor.holding_for(role, agency_code or None) if role else None,
        agency_code=agency_code,
        fiscal_year_be=opinion.consultation.version.fiscal_year_be,
        reason=reason,
        facts=facts,
    )


# --- the sample city ---------------------------------------------------------------------------

SAMPLE_DAYS = 30
ANSWER_AFTER = timedelta(days=2)


def write_sample(
    version: PlanVersion,
    at: datetime,
    *,
    opinions: Iterable[Mapping[str, Any]],
    project_codes: Mapping[str, str],
    last_moment: datetime | None = None,
) -> Consultation:
    """A consultation on `version` from the day of `at`, with opinions and answers, by the services.

    `opinions` are rows of the sample's data: text, about ("plan", "goal" or "project"), goal,
    project (a key of `project_codes`, which gives project codes), body, answer (outcome, reason,
    change). A row on a project that the version lacks is left out. No row is dated after
    `last_moment` (default: fourteen days after `at`).
    """
    strategist = _person_in("strategist", at)
    last = last_moment or at + timedelta(days=14)
    made = open_consultation(
        version.pk,
        ConsultationInput(
            at.date(),
            at.date() + timedelta(days=SAMPLE_DAYS),
            f"รับฟังความคิดเห็นต่อร่างแผนปฏิบัติราชการประจำปีงบประมาณ {version.fiscal_year_be}",
            f"Comments on the draft plan of fiscal year {version.fiscal_year_be}",
            "บอกได้ว่าเป้าหมายและโครงการใดควรเพิ่ม แก้ หรือไม่ควรทำ"
            " ทุกความคิดเห็นได้คำตอบพร้อมเหตุผล ก่อนเสนอแผนฉบับสมบูรณ์",
        ),
        actor=strategist,
        at=at,
    )
    published = set(version.entries.values_list("project_code", flat=True))
    rows = [
        row
        for row in opinions
        if row["about"] != PROJECT or project_codes.get(row["project"]) in published
    ]
    step = (last - ANSWER_AFTER - at) / (len(rows) + 1)
    for order, row in enumerate(rows, start=1):
        code = project_codes[row["project"]] if row["about"] == PROJECT else row.get("goal", "")
        _write_sample_opinion(made, row, code, order, at + step * order, strategist)
    return made


def _write_sample_opinion(
    made: Consultation,
    row: Mapping[str, Any],
    code: str,
    order: int,
    at: datetime,
    strategist: Person,
) -> None:
    body = partner(row["body"]) if row.get("body") else None
    opinion = leave_opinion(
        made.pk,
        OpinionInput(
            row["about"],
            row["text"],
            code,
            body.pk if body else None,
            stance=row.get("stance", ""),
        ),
        client_key=hashlib.sha256(f"sample {order}".encode()).hexdigest(),
        actor=_person_in("partner", at) if body else Person(),
        at=at,
    )
    given = row.get("answer")
    if not given or opinion.state == HELD:
        return
    agency_code = agency_code_of(opinion)
    answerer = _person_in(f"{PLANNER}-{agency_code}", at) if agency_code else strategist
    change = given.get("change", "")
    answer_opinion(
        opinion.pk,
        AnswerInput(
            given["outcome"], given["reason"], change, code if change and agency_code else ""
        ),
        actor=answerer if answerer.is_signed_in else strategist,
        at=at + ANSWER_AFTER,
    )


def _person_in(post_code: str, at: datetime) -> Person:
    """Who holds a post on that day; a stranger if nobody does."""
    held = (
        Appointment.in_force(at.date())
        .filter(post__code=post_code)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return person_of(held.user if held else None, at.date())
