"""Notices of one person, wishes about mail, the link that stops it, and the outbox's troubles."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.core.errors import NotVisible
from nayu.db.clock import now, today
from nayu.notices.domain import FOR_THE_ADMINISTRATOR, MAIL_STATES, MOST_ATTEMPTS, NO_MAIL, Told
from nayu.notices.forms import WishesForm
from nayu.notices.messages import KIND_NAMES, MAIL_STATE_NAMES, MESSAGES, amount_of, sentence_of
from nayu.notices.queries.mails import MailRow, counts_by_state, mails_to_decide
from nayu.notices.queries.telling import latest_notices, notices_of, tellings, wishes_of
from nayu.notices.services.posting import resend
from nayu.notices.services.wishes import keep_wishes, mark_read, read_token, stop_mail
from nayu.ui.components import Crumb


def _person(request: HttpRequest) -> Person:
    person: Person = request.person  # type: ignore[attr-defined]
    return person


def _user_id(request: HttpRequest) -> int:
    user_id = _person(request).user_id
    if user_id is None:
        raise NotVisible
    return user_id


@require_GET
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """The latest notices, and the form of wishes."""
    return _page(request, WishesForm.of(wishes_of([_user_id(request)])[_user_id(request)]))


def _page(request: HttpRequest, form: WishesForm, status: int = 200) -> HttpResponse:
    told = latest_notices(_person(request), today())
    page: dict[str, Any] = {
        "nav": "my_work",
        "crumbs": [Crumb(_("My work"), reverse("portal:my_work")), Crumb(_("Notices"))],
        "rows": [_row(one) for one in told],
        "unread": sum(not one.is_read for one in told),
        "form": form,
        "address": request.user.email,  # type: ignore[union-attr]
        "mail_is_off": settings.MAIL.backend == NO_MAIL,
        "sees_outbox": may(_person(request), "mail.resend"),
    }
    return render(request, "notices/notices.html", page, status=status)


def _row(told: Told) -> dict[str, Any]:
    return {
        "told": told,
        "kind": KIND_NAMES[told.kind],
        "sentence": sentence_of(told),
        "amount": amount_of(told),
        "moved_on": not told.is_true_still,
    }


@require_GET
@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to what the notice is about, and marks it as read."""
    found = tellings(notices_of(_user_id(request)).filter(pk=pk), _person(request), today())
    if not found:
        raise NotVisible
    mark_read(_person(request), [pk])
    return redirect(found[0].path)


@require_POST
@login_required
def reading(request: HttpRequest) -> HttpResponse:
    """All of one's notices are read."""
    _user_id(request)
    mark_read(_person(request))
    return redirect("notices:notices")


@require_POST
@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    form = WishesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    keep_wishes(form.wishes(), actor=_person(request), at=now())
    messages.success(request, _("Your wishes about mail are kept."))
    return redirect("notices:notices")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stops one kind of mail, signed in or not.

    Mail programs post here by themselves (RFC 8058) and bring no cookie, hence no CSRF token; the
    signed link is what allows it. Opening the page changes nothing: scanners of mail open links.
    """
    _user, kind = read_token(token)
    if request.method == "POST":
        stop_mail(token, at=now())
    page = {"kind": KIND_NAMES[kind], "token": token, "stopped": request.method == "POST"}
    return render(request, "notices/stop.html", page)


@require_GET
@login_required
def mails(request: HttpRequest) -> HttpResponse:
    """Mails that somebody must decide about, for the administrator."""
    if not may(_person(request), "mail.resend"):
        raise NotVisible
    counts = counts_by_state()
    page = {
        "nav": "my_work",
        "crumbs": [Crumb(_("My work"), reverse("portal:my_work")), Crumb(_("Outbox"))],
        "counts": [(MAIL_STATE_NAMES[state], counts.get(state, 0)) for state in MAIL_STATES],
        "to_decide": sum(counts.get(state, 0) for state in FOR_THE_ADMINISTRATOR),
        "mails": [
            (mail, KIND_NAMES[mail.kind], MAIL_STATE_NAMES[mail.state], _trouble(mail))
            for mail in mails_to_decide(today())
        ],
        "mail_is_off": settings.MAIL.backend == NO_MAIL,
    }
    return render(request, "notices/mails.html", page)


def _trouble(mail: MailRow) -> str:
    if mail.sentence not in MESSAGES:
        return ""
    return str(MESSAGES[mail.sentence]) % {"reply": mail.reply, "attempts": MOST_ATTEMPTS}


@require_POST
@login_required
def resending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a mail again by hand."""
    resend(pk, actor=_person(request), at=now())
    messages.success(request, _("The mail is in the queue again."))
    return redirect("notices:mails")
