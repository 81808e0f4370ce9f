"""Addresses under the names that the frame links to, for tests of this app alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(_request: HttpRequest, **_parts: object) -> HttpResponse:
    return HttpResponse("")


def _app(name: str, *places: str, **addresses: str) -> object:
    found = {**{place: f"{place}/" for place in places}, **addresses}
    return include(([path(address, nothing, name=place) for place, address in found.items()], name))


PORTAL = _app(
    "portal", "home", "my_work", "search", "how_we_count", "privacy", "record",
    framework="<int:year>/framework/", projects="<int:year>/projects/", money="<int:year>/money/",
    element="<int:year>/framework/<slug:code>/<str:number>/",
    project="<int:year>/projects/<str:code>/",
)  # fmt: skip
urlpatterns = [
    path("opinions/", include("nayu.consultation.urls")),
    path("documents/", _app("documents", "shelf")),
    path("allocation/", _app("allocation", scenarios="<int:year>/")),
    path("in/", nothing, name="account_login"),
    path("out/", nothing, name="account_logout"),
    path("language/", nothing, name="set_language"),
    path("", PORTAL),
]
