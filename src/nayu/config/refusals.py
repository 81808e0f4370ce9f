"""A broken rule on its way to the reader: one sentence, in the reader's language, with figures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.translation import get_language

from nayu.allocation.domain.scenario import ScenarioWrong
from nayu.allocation.messages import MESSAGES as ALLOCATION
from nayu.allocation.messages import reason_of
from nayu.allocation.reading import QuestionNotUnderstood
from nayu.approvals.messages import MESSAGES as APPROVALS
from nayu.approvals.messages import NAMES
from nayu.attachments.messages import MESSAGES as ATTACHMENTS
from nayu.audit.messages import MESSAGES as AUDIT
from nayu.budget.messages import MESSAGES as BUDGET
from nayu.budget.messages import more_sentences
from nayu.coach.messages import MESSAGES as COACH
from nayu.consultation.messages import MESSAGES as CONSULTATION
from nayu.core.dates import thai_date
from nayu.core.errors import Incomplete, NotVisible, RuleBroken
from nayu.core.money import format_baht
from nayu.documents.messages import MESSAGES as DOCUMENTS
from nayu.jobs.messages import MESSAGES as JOBS
from nayu.notices.messages import MESSAGES as NOTICES
from nayu.portal.views.sentences import problem_sentence
from nayu.projects.messages import MESSAGES as PROJECTS
from nayu.publication.messages import MESSAGES as PUBLICATION
from nayu.ui.messages import MESSAGES as UI
from nayu.workbooks.messages import MESSAGES as WORKBOOKS

MESSAGES: Mapping[str, Any] = {
    **UI,
    **ALLOCATION,
    **APPROVALS,
    **ATTACHMENTS,
    **AUDIT,
    **PROJECTS,
    **BUDGET,
    **COACH,
    **PUBLICATION,
    **CONSULTATION,
    **WORKBOOKS,
    **NOTICES,
    **DOCUMENTS,
    **JOBS,
}


def sentence(broken: RuleBroken) -> str:
    """The sentence of a broken rule in the language now active."""
    facts = {key: _shown(value) for key, value in broken.facts.items()}
    if isinstance(broken, QuestionNotUnderstood | ScenarioWrong):
        facts["words"] = reason_of(broken)
    return str(MESSAGES[broken.code]) % facts


def details(broken: RuleBroken) -> list[str]:
    """What lies below the sentence: each missing part, each ceiling that is exceeded."""
    if isinstance(broken, Incomplete):
        return [problem_sentence(problem) for problem in broken.facts["problems"]]
    return more_sentences(broken.facts)


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format_baht(value)
    if isinstance(value, date):
        return thai_date(value, form="full", language="en" if get_language() == "en" else "th")
    if isinstance(value, str):
        return NAMES.get(value, value)
    return value


def refusal(request: HttpRequest, broken: RuleBroken) -> HttpResponse:
    """409 with the sentence (404 for what the reader may not know of), as page, partial or JSON."""
    if isinstance(broken, NotVisible):
        return _nothing_here(request, broken)
    said, more = sentence(broken), details(broken)
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"code": broken.code, "sentence": said, "details": more},
            status=409,
            json_dumps_params={"ensure_ascii": False},
        )
    template = "ui/_refusal.html" if request.headers.get("HX-Request") else "ui/refusal.html"
    return render(
        request,
        template,
        {
            "sentence": said,
            "details": more,
            "code": broken.code,
            "language": translation.get_language(),
        },
        status=409,
    )


def _nothing_here(request: HttpRequest, broken: NotVisible) -> HttpResponse:
    """The same for what is hidden and for what is not there; inside a page one sentence, no page."""
    if request.headers.get("HX-Request"):
        return render(request, "ui/_refusal.html", {"sentence": sentence(broken)}, status=404)
    return render(request, "404.html", status=404)


def signed_out(request: HttpRequest, sign_in: str) -> HttpResponse:
    """401 for a part of a page: a sentence with the way to sign in and come back to the page itself."""
    here = request.headers.get("HX-Current-URL", "")
    path = urlsplit(here).path if here else ""
    address = f"{sign_in.split('?')[0]}?{urlencode({'next': path})}" if path else sign_in
    said = {"sentence": str(MESSAGES["signed_out"]), "sign_in": address}
    return render(request, "ui/_refusal.html", said, status=401)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a session that ended while the page stood open."""
    if request.headers.get("HX-Request"):
        return signed_out(request, resolve_url(settings.LOGIN_URL))
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
