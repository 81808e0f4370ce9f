"""Pages of consultation: what is open, opinions beside their answers, the desk."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.agencies.domain import PARTNER, Person
from nayu.approvals.domain import may
from nayu.consultation import queries, services
from nayu.consultation.domain import (
    GOAL,
    HELD,
    MOST_LINKS,
    PER_DAY,
    PER_HOUR,
    PLAN,
    PROJECT,
    ConsultationClosed,
    TooManyOpinions,
)
from nayu.consultation.forms import (
    AnswerForm,
    ConsultationForm,
    FilterForm,
    OpinionForm,
    about_value,
    in_language,
    sentence_of,
)
from nayu.consultation.messages import HOLD_REASONS, MESSAGES
from nayu.consultation.models import Opinion
from nayu.consultation.queries import Page, Round
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken
from nayu.core.thai import to_arabic_digits
from nayu.db.clock import now, today
from nayu.publication.models import FrozenEntry
from nayu.ui.components import Crumb, Paging

RULES = {"links": MOST_LINKS, "per_hour": PER_HOUR, "per_day": PER_DAY}


def _person(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined,no-any-return]


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    person = _person(request)
    frame = {
        "nav": "opinions",
        "desk": queries.may_use_desk(person),
        "may_open": may(person, "consultation.open"),
        **context,
    }
    return render(request, f"consultation/{name}.html", frame, status=status)


def _key(request: HttpRequest, name: str) -> int | None:
    """An id in the address, in either digit system; nonsense is as if it were absent."""
    text = to_arabic_digits(request.GET.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _paging(request: HttpRequest, page: Page) -> Paging:
    def href(**keys: int | None) -> str:
        values = request.GET.copy()
        for name in ("before", "after"):
            values.pop(name, None)
        for name, key in keys.items():
            values[name] = str(key)
        return f"?{values.urlencode()}"

    return Paging(
        href(after=page.after) if page.after is not None else "",
        href(before=page.before) if page.before is not None else "",
        len(page.opinions),
        page.total,
    )


def _crumbs(*more: Crumb) -> list[Crumb]:
    from_list = (
        Crumb(_("Opinions"), reverse("consultation:opinions")) if more else Crumb(_("Opinions"))
    )
    return [from_list, *more]


def _year_crumb(year_be: int) -> Crumb:
    return Crumb(str(year_be), reverse("consultation:year", args=[year_be]))


@require_GET
def opinions(request: HttpRequest) -> HttpResponse:
    """Every consultation, the open ones first."""
    found = queries.rounds(today())
    return _page(
        request,
        "opinions",
        {
            "crumbs": _crumbs(),
            "open_rounds": [r for r in found if r.is_open],
            "other_rounds": [r for r in found if not r.is_open],
        },
    )


@require_GET
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year's consultation: period, rule, figures, and opinions beside their answers."""
    found = queries.round_of_year(year, today(), _key(request, "round"))
    form = FilterForm(request.GET)
    page = queries.opinions_page(
        found.consultation,
        form.to_filters(),
        before=_key(request, "before"),
        after=_key(request, "after"),
    )
    others = [
        r
        for r in queries.rounds_of_year(year, today())
        if r.consultation.pk != found.consultation.pk
    ]
    return _page(
        request,
        "year",
        {
            "year": year,
            "round": found,
            "others": others,
            "form": form,
            "rows": queries.shown(page.opinions),
            "paging": _paging(request, page),
            "rules": RULES,
            "crumbs": _crumbs(Crumb(str(year))),
        },
    )


# --- leaving an opinion ------------------------------------------------------------------------


def _project_named(found: Round, about: str) -> FrozenEntry | None:
    kind, _colon, code = about.partition(":")
    return queries.project_of(found.consultation.version, code) if kind == PROJECT else None


def _opinion_form(found: Round, person: Person, about: str, data: Any = None) -> OpinionForm:
    return OpinionForm(
        data,
        initial={"about": about},
        goals=queries.goals_of(found.fiscal_year_be),
        project=_project_named(found, about),
        for_partner=PARTNER in person.roles,
    )


def _new_page(
    request: HttpRequest, found: Round, form: OpinionForm, about: str, status: int = 200
) -> HttpResponse:
    return _page(
        request,
        "new",
        {
            "year": found.fiscal_year_be,
            "round": found,
            "form": form,
            "project": _project_named(found, about),
            "rules": RULES,
            "crumbs": _crumbs(
                _year_crumb(found.fiscal_year_be),
                Crumb(_("Leave an opinion")),
            ),
        },
        status,
    )


@require_GET
def new(request: HttpRequest, year: int) -> HttpResponse:
    """The form; outside the period, when it opens or that it closed."""
    found = queries.round_of_year(year, today())
    kind, code = request.GET.get("about", PLAN), request.GET.get("code", "")
    about = about_value(kind, code) if kind in (GOAL, PROJECT) and code else PLAN
    form = _opinion_form(found, _person(request), about)
    if about not in _values(form):
        raise NotVisible
    return _new_page(request, found, form, about)


def _values(form: OpinionForm) -> set[str]:
    field: Any = form.fields["about"]
    values: set[str] = set()
    for value, words in field.choices:
        values |= {v for v, _words in words} if isinstance(words, list) else {value}
    return values


@require_POST
def opinion_left(request: HttpRequest, year: int) -> HttpResponse:
    """Take an opinion; whatever is wrong, the typed text stays."""
    found = queries.round_of_year(year, today())
    person, about = _person(request), request.POST.get("about", "")
    form = _opinion_form(found, person, about, request.POST)
    if not form.is_valid():
        return _new_page(request, found, form, about, 422)
    try:
        made = services.leave_opinion(
            found.consultation.pk,
            form.to_input(),
            client_key=client_key(request),
            actor=person,
            at=now(),
        )
    except (TooManyOpinions, ConsultationClosed) as broken:
        form.add_error(None, sentence_of(broken))
        too_many = isinstance(broken, TooManyOpinions)
        return _new_page(request, found, form, about, 429 if too_many else 409)
    return _thanks(request, made, year)


def _thanks(request: HttpRequest, made: Opinion, year: int) -> HttpResponse:
    if made.state == HELD:
        messages.warning(
            request,
            _("Received. Staff look at it before it is published, because %(reason)s")
            % {"reason": HOLD_REASONS[made.moderation_reason]},
        )
        return redirect("consultation:year", year)
    messages.success(
        request,
        _("Published as number %(number)s. The city's answer will stand beside it")
        % {"number": made.number},
    )
    return redirect("consultation:opinion", year, made.pk)


def client_key(request: HttpRequest) -> str:
    """A hash that stands for the sender today; tomorrow it is another, and nobody can go back.

    Behind proxies, `TRUSTED_PROXY_COUNT` of them have added to X-Forwarded-For.
    """
    person = _person(request)
    address = request.META.get("REMOTE_ADDR", "")
    proxies = int(getattr(settings, "TRUSTED_PROXY_COUNT", 0))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    if proxies and len(hops) >= proxies:
        address = hops[-proxies]
    sender = f"user {person.user_id}" if person.is_signed_in else f"address {address}"
    return salted_hmac(
        "nayu.consultation", f"{today().isoformat()} {sender}", algorithm="sha256"
    ).hexdigest()


# --- one opinion, moderation, answer -----------------------------------------------------------


def _opinion_page(
    request: HttpRequest, found: Opinion, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    person = _person(request)
    (shown,) = queries.shown([found])
    year_be = shown.fiscal_year_be
    answers = found.state == "published" and not shown.answer and queries.may_answer(person, found)
    return _page(
        request,
        "opinion",
        {
            "year": year_be,
            "shown": shown,
            "hold_reason": HOLD_REASONS.get(found.moderation_reason, found.moderation_reason),
            "may_moderate": may(person, "opinion.moderate"),
            "form": (form or AnswerForm(fiscal_year_be=year_be)) if answers else None,
            "crumbs": _crumbs(
                _year_crumb(year_be),
                Crumb(_("Opinion %(number)s") % {"number": found.number}),
            ),
        },
        status,
    )


@require_GET
def opinion(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    return _opinion_page(request, queries.opinion_for(_person(request), year, pk))


@require_POST
def moderation(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    found = queries.opinion_for(_person(request), year, pk)
    done = services.moderate_opinion(
        found.pk,
        publish=request.POST.get("act") == "publish",
        reason=request.POST.get("reason", ""),
        actor=_person(request),
        at=now(),
    )
    published = done.state == "published"
    messages.success(request, _("The opinion is published") if published else _("It is hidden"))
    return redirect("consultation:desk")


@require_POST
def answer(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Give the city's answer; a broken rule keeps what was typed."""
    person = _person(request)
    found = queries.opinion_for(person, year, pk)
    if not queries.may_answer(person, found):
        raise NotPermitted(act="opinion.answer", state="-")
    form = AnswerForm(request.POST, fiscal_year_be=year)
    if not form.is_valid():
        return _opinion_page(request, found, form, 422)
    try:
        services.answer_opinion(found.pk, form.to_input(), actor=person, at=now())
    except NotVisible:
        form.add_error("change_project_code", _("There is no such project in the plan"))
        return _opinion_page(request, found, form, 422)
    except RuleBroken as broken:
        if broken.code not in MESSAGES or hasattr(found, "answer"):
            raise
        form.add_error(_field_of(broken), sentence_of(broken))
        return _opinion_page(request, found, form, 422)
    messages.success(request, _("The answer is published beside the opinion"))
    return redirect("consultation:opinion", year, pk)


def _field_of(broken: RuleBroken) -> str | None:
    if broken.code.startswith("answer_change"):
        return "change"
    return "reason" if broken.code == "answer_reason_missing" else None


# --- the desk ----------------------------------------------------------------------------------


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits to be looked at, and what waits for an answer."""
    person = _person(request)
    if not queries.may_use_desk(person):
        raise NotVisible
    held = list(queries.held_at_desk(person).order_by("pk")[: queries.PAGE])
    page = queries.page_of(
        queries.unanswered_at_desk(person), _key(request, "before"), _key(request, "after")
    )
    return _page(
        request,
        "desk",
        {
            "held": [
                (row, HOLD_REASONS.get(row.opinion.moderation_reason, ""))
                for row in queries.shown(held)
            ],
            "held_count": queries.held_at_desk(person).count(),
            "rows": queries.shown(page.opinions),
            "paging": _paging(request, page),
            "crumbs": _crumbs(Crumb(_("Opinions that wait for us"))),
        },
    )


@require_GET
def new_consultation(request: HttpRequest) -> HttpResponse:
    if not may(_person(request), "consultation.open"):
        raise NotVisible
    return _new_consultation_page(request, ConsultationForm())


def _new_consultation_page(
    request: HttpRequest, form: ConsultationForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "any_version": bool(queries.versions_to_consult()),
        "crumbs": _crumbs(Crumb(_("Open a consultation"))),
    }
    return _page(request, "new_consultation", context, status)


@require_POST
def consultations(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if not may(person, "consultation.open"):
        raise NotPermitted(act="consultation.open", state="-")
    form = ConsultationForm(request.POST)
    if not form.is_valid():
        return _new_consultation_page(request, form, 422)
    try:
        made = services.open_consultation(
            form.cleaned_data["version"].pk, form.to_input(), actor=person, at=now()
        )
    except RuleBroken as broken:
        if broken.code not in MESSAGES:
            raise
        form.add_error(None, sentence_of(broken))
        return _new_consultation_page(request, form, 422)
    messages.success(request, _("“%(title)s” is opened") % {"title": in_language(made)})
    return redirect("consultation:year", made.version.fiscal_year_be)
