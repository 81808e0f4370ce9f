"""Addresses under the names that the frame links to, for tests of the ui app alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def _app(name: str, *places: str) -> object:
    return include(([path(f"{place}/", nothing, name=place) for place in places], name))


urlpatterns = [
    path(
        "",
        _app(
            "portal", "home", "framework", "my_work", "search", "how_we_count", "privacy", "record"
        ),
    ),
    path("projects/", _app("projects", "list")),
    path("budget/", _app("budget", "agencies")),
    path("documents/", _app("documents", "shelf")),
    path("opinions/", _app("consultation", "opinions")),
    path("allocation/<int:year>/", _app("allocation", "scenarios")),
    path("in/", nothing, name="account_login"),
    path("out/", nothing, name="account_logout"),
    path("language/", nothing, name="set_language"),
]
