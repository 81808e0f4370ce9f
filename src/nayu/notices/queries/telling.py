"""What a reader may be told of a notice now: rights are asked of the live rows at each reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from nayu.accounts.models import User
from nayu.agencies.domain import STRANGER_PERSON, Person
from nayu.agencies.queries import people_of
from nayu.approvals.domain import CHANGE, PROJECT, REJECTED, REQUEST, may
from nayu.approvals.models import Decision, Window, WindowException
from nayu.budget.models import Request
from nayu.budget.queries import entry_amounts
from nayu.consultation import domain as opinions
from nayu.consultation.models import Consultation, Opinion
from nayu.consultation.queries import agency_code_of
from nayu.notices.domain import (
    ANSWERED,
    CONSULTATION_ENDS,
    DECISION,
    DIGEST,
    EXCEPTION_ENDS,
    NEVER,
    STEP_ENDS,
    VERY_SOON,
    WINDOW_ENDS,
    WINDOW_NAMES,
    Letter,
    Part,
    Row,
    Told,
)
from nayu.notices.models import Change, Mail, Notice, Wishes
from nayu.notices.queries.closing import Closing
from nayu.notices.queries.work import Item, Work, may_act, work_of
from nayu.projects.models import ProjectEntry
from nayu.publication.models import ChangeRequest
from nayu.publication.queries import visible_changes
from nayu.strategy.models import CalendarStep

PAGE = 50
TOLD_WITH_REASON = ("return", "reject")
OPINION_SOURCES = ("held", "published", ANSWERED)


@dataclass
class _Rows:
    """The live rows behind some notices, each kind in one query, as one person may see them."""

    person: Person
    decisions: dict[int, Decision]
    entries: dict[int, ProjectEntry]
    requests: dict[int, Request]
    changes: dict[int, ChangeRequest]
    opinions: dict[int, Opinion]
    steps: dict[int, CalendarStep]
    consultations: dict[int, Consultation]
    windows: dict[int, Window]
    exceptions: dict[int, WindowException]
    amounts: Mapping[int, object]


def _ids(changes: Iterable[Change], *, about: str = "", source: str = "") -> list[int]:
    return [
        change.source_id if source else change.about_id
        for change in changes
        if (about and change.about == about) or (source and change.source == source)
    ]


def _rows(notices: list[Notice], person: Person) -> _Rows:
    changes = [notice.change for notice in notices]
    entries = (
        ProjectEntry.objects.visible_to(person)
        .filter(pk__in=_ids(changes, about=PROJECT))
        .select_related("project")
        .defer("rationale", "objectives", "method", "place_text")
    ).in_bulk()
    return _Rows(
        person,
        Decision.objects.in_bulk(_ids(changes, source=DECISION)),
        entries,
        Request.objects.visible_to(person)
        .filter(pk__in=_ids(changes, about=REQUEST))
        .select_related("agency")
        .in_bulk(),
        visible_changes(person)
        .filter(pk__in=_ids(changes, about=CHANGE))
        .defer("base", "proposed")
        .order_by()
        .in_bulk(),
        Opinion.objects.filter(pk__in=_ids(changes, about="opinion"))
        .select_related("consultation__version", "frozen", "element", "answer")
        .defer("frozen__sheet")
        .in_bulk(),
        CalendarStep.objects.in_bulk(_ids(changes, source=STEP_ENDS)),
        Consultation.objects.in_bulk(_ids(changes, source=CONSULTATION_ENDS)),
        Window.objects.in_bulk(_ids(changes, source=WINDOW_ENDS)),
        WindowException.objects.in_bulk(_ids(changes, source=EXCEPTION_ENDS)),
        entry_amounts(entries),
    )


def tellings(notices: Iterable[Notice], person: Person, day: date) -> list[Told]:
    """Notices as this person may read them today, in the order given; what may not be seen is left
    out. The number of queries does not depend on how many there are.
    """
    listed = list(notices)
    rows = _rows(listed, person)
    found = (_told(notice, rows, day) for notice in listed)
    return [told for told in found if told is not None]


def _told(notice: Notice, rows: _Rows, day: date) -> Told | None:
    change = notice.change
    told: Told | None = None
    if change.about == PROJECT:
        told = _of_entry(notice, rows)
    elif change.about == REQUEST:
        told = _of_request(notice, rows)
    elif change.about == CHANGE:
        told = _of_change(notice, rows)
    elif change.source in OPINION_SOURCES:
        told = _of_opinion(notice, rows)
    else:
        told = _of_closing(notice, rows, day)
    if told is None:
        return None
    decision = rows.decisions.get(change.source_id) if change.source == DECISION else None
    if decision is not None:
        told = replace(
            told,
            step=decision.step,
            post_title_th=decision.post_title_th,
            post_title_en=decision.post_title_en or decision.post_title_th,
            reason=decision.reason if decision.step in TOLD_WITH_REASON else "",
        )
    return told


def _base(notice: Notice, name_th: str, name_en: str, path: str) -> Told:
    return Told(
        notice_id=notice.pk,
        kind=notice.kind,
        source=notice.change.source,
        about=notice.change.about,
        name_th=name_th,
        name_en=name_en or name_th,
        path=path,
        at=notice.change.at,
        fiscal_year_be=notice.change.fiscal_year_be,
        state=notice.change.state,
        is_read=notice.read_at is not None,
    )


# The state in which a returned thing lies with its author again.
RETURNED_STATE = {PROJECT: "returned", REQUEST: "open", CHANGE: "draft"}


def _is_true_still(
    notice: Notice, rows: _Rows, thing: ProjectEntry | Request | ChangeRequest
) -> bool:
    """Whether a thing is still returned, or still waits for this person, as the notice says."""
    procedure = notice.change.about
    if notice.kind == "returned":
        return bool(thing.state == RETURNED_STATE[procedure])
    if notice.kind == "waiting":
        return thing.state == notice.change.state and may_act(
            rows.person, procedure, thing.state, thing.agency_id
        )
    return True


def _of_entry(notice: Notice, rows: _Rows) -> Told | None:
    entry = rows.entries.get(notice.change.about_id)
    if entry is None:
        return None
    page = {"returned": "portal:edit", "waiting": "portal:decision"}.get(
        notice.kind, "portal:project"
    )
    true_still = _is_true_still(notice, rows, entry)
    if notice.kind == "returned" and not true_still:
        page = "portal:decision"  # nothing is to be edited any more
    if notice.kind == "decided" and notice.change.state == REJECTED:
        page = "portal:decision"  # where the reasons stand beside their headings
    year, code = entry.fiscal_year_be, entry.project.code
    return replace(
        _base(notice, entry.name_th, entry.name_en, reverse(page, args=[year, code])),
        code=code,
        fiscal_year_be=year,
        amount_baht=rows.amounts.get(entry.pk),  # type: ignore[arg-type]
        is_true_still=true_still,
    )


def _of_request(notice: Notice, rows: _Rows) -> Told | None:
    request = rows.requests.get(notice.change.about_id)
    if request is None:
        return None
    year, agency = request.fiscal_year_be, request.agency
    return replace(
        _base(
            notice, agency.name_th, agency.name_en,
            reverse("portal:request", args=[year, request.agency_id]),
        ),
        code=request.agency_id,
        fiscal_year_be=year,
        is_true_still=_is_true_still(notice, rows, request),
    )  # fmt: skip


def _of_change(notice: Notice, rows: _Rows) -> Told | None:
    change = rows.changes.get(notice.change.about_id)
    if change is None:
        return None
    year, entry = change.fiscal_year_be, change.entry
    return replace(
        _base(
            notice, entry.name_th, entry.name_en,
            reverse("portal:change", args=[year, change.number]),
        ),
        code=str(change.number),
        fiscal_year_be=year,
        is_true_still=_is_true_still(notice, rows, change),
    )  # fmt: skip


def _of_opinion(notice: Notice, rows: _Rows) -> Told | None:
    """Held ones are for whoever moderates; of a hidden one nothing is told."""
    opinion, change = rows.opinions.get(notice.change.about_id), notice.change
    if opinion is None:
        return None
    is_public = opinion.state == opinions.PUBLISHED
    if not is_public and not may(rows.person, "opinion.moderate"):
        return None
    year = opinion.consultation.version.fiscal_year_be
    thing = opinion.frozen or opinion.element or opinion.consultation
    answered = hasattr(opinion, "answer")
    may_answer = may(rows.person, "opinion.answer", agency_code=agency_code_of(opinion))
    true_still = {
        "held": opinion.state == opinions.HELD,
        "published": is_public and not answered and may_answer,
    }.get(change.source, True)
    return replace(
        _base(
            notice, thing.name_th, thing.name_en,
            reverse("consultation:opinion", args=[year, opinion.pk]),
        ),
        code=str(opinion.number),
        fiscal_year_be=year,
        is_true_still=true_still,
    )  # fmt: skip


def _of_closing(notice: Notice, rows: _Rows, day: date) -> Told | None:
    change = notice.change
    if change.source == CONSULTATION_ENDS:
        round_ = rows.consultations.get(change.source_id)
        if round_ is None:
            return None
        last_day, path = round_.last_day, reverse("consultation:opinions")
        name_th, name_en = round_.title_th, round_.title_en
    elif change.source in (WINDOW_ENDS, EXCEPTION_ENDS):
        window = rows.windows.get(change.source_id)
        late = rows.exceptions.get(change.source_id)
        if change.source == WINDOW_ENDS and window is not None:
            procedure, last_day = window.procedure, window.closes_on
        elif change.source == EXCEPTION_ENDS and late is not None:
            procedure, last_day = late.procedure, late.until
        else:
            return None
        path, (name_th, name_en) = reverse("portal:my_work"), WINDOW_NAMES[procedure]
    else:
        step = rows.steps.get(change.source_id)
        if step is None:
            return None
        last_day, path = step.days_in(change.fiscal_year_be)[1], reverse("portal:my_work")
        name_th, name_en = step.name_th, step.name_en
    return replace(
        _base(notice, name_th, name_en, path), last_day=last_day, is_true_still=day <= last_day
    )


# --- For one person -----------------------------------------------------------------------------


def notices_of(user_id: int) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(recipient=user_id).select_related("change").order_by("-pk")


def latest_notices(person: Person, day: date) -> list[Told]:
    assert person.user_id is not None
    return tellings(notices_of(person.user_id)[:PAGE], person, day)


def unread_count(person: Person) -> int:
    return Notice.objects.filter(recipient=person.user_id, read_at=None).count()


def wishes_of(user_ids: Iterable[int]) -> dict[int, Wishes]:
    """Wishes by user id; the usual ones, not saved, for whoever never chose."""
    wanted = list(user_ids)
    kept = Wishes.objects.in_bulk(wanted)
    return {pk: kept.get(pk) or Wishes(user_id=pk) for pk in wanted}


def person_to_tell(user: User, day: date) -> Person:
    """The recipient as the rules see them today; a stranger once the sign-in is closed."""
    return people_of([user], day).get(user.pk, STRANGER_PERSON)


# --- A mail -------------------------------------------------------------------------------------


def letter_of(mail: Mail, person: Person, day: date) -> Letter:
    """What a mail says at this moment to a person who holds these posts; may be empty."""
    if not person.holdings:
        return Letter(mail.kind, mail.day)
    wishes = wishes_of([mail.recipient_id])[mail.recipient_id]
    notices = mail.notices.select_related("change").order_by("pk")
    told = tuple(
        t
        for t in tellings(notices, person, day)
        if t.is_true_still and wishes.delivery(t.kind) != NEVER
    )
    if mail.kind != DIGEST:
        return Letter(mail.kind, mail.day, told)
    work = work_of(person, day)
    if told or work.to_fix or work.for_me_count or _something_closes_very_soon(work):
        return Letter(DIGEST, mail.day, told, _parts(work))
    return Letter(DIGEST, mail.day)


def _something_closes_very_soon(work: Work) -> bool:
    """Drafts and far days alone are no reason for a mail."""
    return any(closing.days_left <= VERY_SOON.days for closing in work.closing)


def _parts(work: Work) -> tuple[Part, ...]:
    listed: tuple[tuple[str, list[Row], int], ...] = (
        ("to_fix", [_row(item) for item in work.to_fix], len(work.to_fix)),
        ("waiting_for_me", [_row(item) for item in work.waiting_for_me], work.for_me_count),
        ("drafts", [_row(item) for item in work.drafts], work.drafts_count),
        ("closing", [_closing_row(closing) for closing in work.closing], len(work.closing)),
    )
    return tuple(Part(key, tuple(rows), total) for key, rows, total in listed if total)


def _row(item: Item) -> Row:
    page = {"returned": "portal:edit", "draft": "portal:edit"}.get(item.state, "portal:decision")
    page = {REQUEST: "portal:request", CHANGE: "portal:change"}.get(item.kind, page)
    return Row(
        name_th=item.name_th,
        name_en=item.name_en or item.name_th,
        about=item.kind,
        path=reverse(page, args=[item.year, item.code]),
        code=item.code,
        fiscal_year_be=item.year,
        state=item.state,
        days=item.days,
        waits_for=item.waits_for,
        reason=item.decision.reason if item.decision else "",
    )


def _closing_row(closing: Closing) -> Row:
    consultation = closing.source == CONSULTATION_ENDS
    return Row(
        name_th=closing.name_th,
        name_en=closing.name_en,
        about="consultation" if consultation else "plan",
        path=reverse("consultation:opinions") if consultation else reverse("portal:my_work"),
        fiscal_year_be=closing.fiscal_year_be,
        days=closing.days_left,
        last_day=closing.last_day,
    )
