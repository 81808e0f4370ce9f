"""The shelf of documents, orders with their progress, and files."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency
from nayu.budget.messages import MESSAGES as BUDGET
from nayu.core.dates import Digits, Language
from nayu.core.errors import NotVisible
from nayu.db.clock import now, today
from nayu.documents.content.values import (
    AGENCY_PLAN,
    FORMATS,
    PROJECT_FORM,
    PUBLISHED,
    WORKING,
)
from nayu.documents.forms import FORMAT_NAMES, KIND_NAMES, OrderForm
from nayu.documents.messages import MESSAGES as DOCUMENTS
from nayu.documents.models import Order
from nayu.documents.queries import (
    check_visible,
    default_year,
    made_documents,
    own_orders,
    source_of,
    year_choices,
)
from nayu.documents.services import MEDIA_TYPES, Choice, cancel_order, make, path_of, place_order
from nayu.jobs.messages import MESSAGES as JOBS
from nayu.publication.messages import MESSAGES as PUBLICATION
from nayu.publication.queries import current_version
from nayu.ui.components import Crumb, YearChoice
from nayu.ui.messages import MESSAGES as UI

SENTENCES = {**UI, **BUDGET, **PUBLICATION, **JOBS, **DOCUMENTS}


def _person(request: HttpRequest) -> Person:
    person: Person = request.person  # type: ignore[attr-defined]
    return person


def _session_mark(request: HttpRequest) -> str:
    """A mark of the visit that does not give its key away; "" before the first order."""
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


@require_GET
def shelf(request: HttpRequest, fiscal_year_be: int | None = None) -> HttpResponse:
    """What can be made now, and what was made."""
    year = fiscal_year_be or default_year(today())
    known = {"kind", "agency_code", "project_code", "format", "digits", "language", "version"}
    form = OrderForm(
        fiscal_year_be=year,
        sees_working=_person(request).is_signed_in,
        initial={key: request.GET[key] for key in known & set(request.GET)},
    )
    return _shelf(request, year, form)


def _shelf(request: HttpRequest, year: int, form: OrderForm, status: int = 200) -> HttpResponse:
    person = _person(request)
    page = {
        "nav": "documents",
        "year": year,
        "years": [
            YearChoice(
                choice,
                _("Version %(number)s") % {"number": number} if number else _("Being written"),
                reverse("documents:shelf_of_year", args=[choice]),
                choice == year,
            )
            for choice, number in year_choices(person)
        ],
        "version": current_version(year),
        "crumbs": [Crumb(_("Home page"), "/"), Crumb(_("Documents"))],
        "form": form,
        "made": _rows(made_documents(year)),
        "own": _rows(own_orders(person, _session_mark(request))),
    }
    return render(request, "documents/shelf.html", page, status=status)


def _rows(orders: list[Order]) -> list[dict[str, Any]]:
    names = Agency.objects.in_bulk({order.agency_code for order in orders if order.agency_code})
    return [
        {
            "order": order,
            "name": _name(order, names.get(order.agency_code)),
            "format": FORMAT_NAMES[order.format],
        }
        for order in orders
    ]


def _name(order: Order, agency: Agency | None) -> str:
    about = order.project_code or (agency.name_th if agency else "")
    return f"{KIND_NAMES[order.kind]} {order.fiscal_year_be} {about}".strip()


@require_POST
def orders(request: HttpRequest) -> HttpResponse:
    """Order a document; leads to its progress, or at once to the one made before."""
    person = _person(request)
    typed = request.POST.get("fiscal_year_be", "")
    year = int(typed) if typed.isascii() and typed.isdigit() else default_year(today())
    form = OrderForm(request.POST, fiscal_year_be=year, sees_working=person.is_signed_in)
    if not form.is_valid():
        return _shelf(request, year, form, status=422)
    if not request.session.session_key:
        request.session.create()
    order = place_order(form.choice(), actor=person, session_mark=_session_mark(request), at=now())
    return redirect("documents:order", order.pk)


def _visible_order(request: HttpRequest, job_id: UUID) -> Order:
    """One's own order, or anybody's of a published document. Raises NotVisible."""
    found = Order.objects.select_related("job").filter(pk=job_id).first()
    if found is None:
        raise NotVisible
    if found.version == WORKING and not _is_own(request, found):
        raise NotVisible
    return found


def _is_own(request: HttpRequest, order: Order) -> bool:
    own = Order.objects.of(_person(request).user_id, _session_mark(request))
    return own.filter(pk=order.pk).exists()


@require_GET
def order(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far an order is; the page asks again by itself until it has ended."""
    found = _visible_order(request, job_id)
    job = found.job
    agency = Agency.objects.filter(pk=found.agency_code).first()
    done = job.state == "done"
    page = {
        "nav": "documents",
        "order": found,
        "name": _name(found, agency),
        "job": {
            "name": _("Making the document"),
            "done": job.done,
            "total": job.total,
            "percent": job.percent,
            "state": "waiting" if job.state == "queued" else job.state,
            "sentence": SENTENCES[job.sentence] % job.facts if job.sentence else "",
        },
        "file_href": reverse("documents:order_file", args=[found.pk]) if done else "",
        "finished": job.is_finished,
        "cancel_href": reverse("documents:cancellation", args=[found.pk])
        if not job.is_finished and _is_own(request, found)
        else "",
        "crumbs": [
            Crumb(_("Documents"), reverse("documents:shelf_of_year", args=[found.fiscal_year_be])),
            Crumb(_name(found, agency)),
        ],
    }
    partial = request.headers.get("HX-Request")
    response = render(request, f"documents/{'_order' if partial else 'order'}.html", page)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def cancellation(request: HttpRequest, job_id: UUID) -> HttpResponse:
    found = _visible_order(request, job_id)
    cancel_order(found, actor=_person(request), session_mark=_session_mark(request), at=now())
    return redirect("documents:order", found.pk)


@require_GET
def order_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    """The file of an order, for whoever may have that document now."""
    found = _visible_order(request, job_id)
    source = source_of(
        found.fiscal_year_be, version=found.version, person=_person(request), day=today()
    )
    check_visible(source, found.kind, found.agency_code, found.project_code)
    path = path_of(found)
    if not found.made_at or not path.is_file():
        raise NotVisible
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=MEDIA_TYPES[found.format],
    )


@require_GET
def direct(
    request: HttpRequest, fiscal_year_be: int, kind: str, code: str, file_format: str
) -> HttpResponse:
    """A small document at once: one project's form, one agency's plan.

    `?show=inline` opens a PDF in the browser, as the print preview of the writing desk does.
    """
    if kind not in (PROJECT_FORM, AGENCY_PLAN) or file_format not in FORMATS[kind]:
        raise NotVisible
    asked = request.GET
    digits: Digits = "arabic" if asked.get("digits") == "arabic" else "thai"
    language: Language = "en" if asked.get("language") == "en" else "th"
    choice = Choice(
        kind,
        fiscal_year_be,
        file_format,
        code if kind == AGENCY_PLAN else "",
        code if kind == PROJECT_FORM else "",
        WORKING if asked.get("version") == WORKING else PUBLISHED,
        digits,
        language,
    )
    made = make(choice, person=_person(request))
    shown = "inline" if asked.get("show") == "inline" and file_format == "pdf" else "attachment"
    return HttpResponse(
        made.content,
        content_type=MEDIA_TYPES[file_format],
        headers={
            "Content-Disposition": f'{shown}; filename="{made.name}"',
            "X-Content-SHA256": made.digest,
            **({"Cache-Control": "no-store"} if choice.version == WORKING else {}),
        },
    )
