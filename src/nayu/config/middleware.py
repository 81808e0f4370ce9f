"""What every request passes: language, person, content policy, broken rules as sentences."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation

from nayu.agencies.queries import person_of
from nayu.attachments.domain import LARGEST_BODY_BYTES, BodyTooLarge, megabytes
from nayu.config.refusals import refusal, signed_out
from nayu.core.errors import RuleBroken
from nayu.db.clock import today

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)


def language(get_response: Handler) -> Handler:
    """Thai, unless the reader chose otherwise: the browser's own wish is not asked."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code  # type: ignore[attr-defined]
            response = get_response(request)
            response.headers["Content-Language"] = code
            return response

    return answer


def content_security_policy(get_response: Handler) -> Handler:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return answer


def person(get_response: Handler) -> Handler:
    """`request.person`: who acts, with the posts held today."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.person = person_of(request.user, today())  # type: ignore[attr-defined]
        return get_response(request)

    return answer


def signed_out_parts(get_response: Handler) -> Handler:
    """A part of a page that asks without a session gets one sentence, not the sign-in page inside it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        where = response.headers.get("Location", "")
        if not request.headers.get("HX-Request") or not where.startswith(
            resolve_url(settings.LOGIN_URL)
        ):
            return response
        return signed_out(request, where)

    return answer


def body_limit(get_response: Handler) -> Handler:
    """A form larger than any that is taken is refused by the length it states, and not read."""

    def answer(request: HttpRequest) -> HttpResponse:
        stated = request.META.get("CONTENT_LENGTH") or "0"
        size = int(stated) if stated.isdecimal() else 0
        if size <= LARGEST_BODY_BYTES:
            return get_response(request)
        broken = BodyTooLarge(megabytes=megabytes(size), limit=megabytes(LARGEST_BODY_BYTES))
        response = refusal(request, broken)
        response.status_code = 413
        return response

    return answer


class broken_rules:
    """A `RuleBroken` that leaves a view becomes a sentence, in the reader's language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleBroken):
            return refusal(request, exception)
        return None
