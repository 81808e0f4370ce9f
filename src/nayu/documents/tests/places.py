"""Addresses under the names that the frame links to, for tests of this app alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def _app(name: str, *places: str) -> object:
    """Each address with and without a fiscal year."""
    patterns = [path(f"{place}/", nothing, name=place) for place in places]
    patterns += [path(f"{place}/<int:year>/", nothing, name=place) for place in places]
    return include((patterns, name))


urlpatterns = [
    path(
        "",
        _app(
            "portal",
            "home",
            "framework",
            "projects",
            "money",
            "my_work",
            "search",
            "how_we_count",
            "privacy",
            "record",
        ),
    ),
    path("documents/", include("nayu.documents.urls")),
    path("opinions/", _app("consultation", "opinions")),
    path("allocation/<int:year>/", _app("allocation", "scenarios")),
    path("in/", nothing, name="account_login"),
    path("out/", nothing, name="account_logout"),
    path("language/", nothing, name="set_language"),
]
