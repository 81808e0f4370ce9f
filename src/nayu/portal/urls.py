"""Addresses of the gathering pages; the fiscal year stands first."""

from django.urls import path

from nayu.portal.views import (
    decisions,
    desks,
    history,
    lines,
    public,
    publishing,
    requests,
    search,
    writing,
)

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("healthz", public.healthz, name="healthz"),
    path("how-we-count/", public.how_we_count, name="how_we_count"),
    path("privacy/", public.privacy, name="privacy"),
    path("search/", search.results, name="search"),
    path("<int:year>/", public.home, name="home_year"),
    path("<int:year>/framework/", public.framework, name="framework"),
    path("<int:year>/framework/<slug:code>/<str:number>/", public.element, name="element"),
    path("<int:year>/projects/", public.projects, name="projects"),
    path("my-work/", desks.my_work, name="my_work"),
    path("<int:year>/projects/new/", writing.new_project, name="new_project"),
    path("<int:year>/projects/<str:code>/", public.project, name="project"),
    path("<int:year>/projects/<str:code>/edit/", writing.edit, name="edit"),
    path(
        "<int:year>/projects/<str:code>/edit/<slug:section>/",
        writing.edit_section,
        name="edit_section",
    ),
    path("<int:year>/projects/<str:code>/lines/", lines.lines, name="lines"),
    path("<int:year>/projects/<str:code>/decision/", decisions.decision, name="decision"),
    path("<int:year>/projects/<str:code>/history/", history.history, name="history"),
    *[
        path(
            f"<int:year>/projects/<str:code>/{noun}/",
            decisions.step,
            {"noun": noun},
            name=f"project_{noun}",
        )
        for noun in decisions.STEP_OF_NOUN
    ],
    path("<int:year>/requests/", requests.requests, name="requests"),
    path("<int:year>/requests/<str:code>/", requests.one, name="request"),
    path("<int:year>/requests/<str:code>/opening/", requests.opening, name="request_opening"),
    path("<int:year>/requests/<str:code>/amount/", requests.amount, name="request_amount"),
    path("<int:year>/requests/<str:code>/line/", requests.routine, name="routine_line"),
    *[
        path(
            f"<int:year>/requests/<str:code>/{noun}/",
            requests.step,
            {"noun": noun},
            name=f"request_{noun}",
        )
        for noun in requests.STEP_OF_NOUN
    ],
    path("<int:year>/ceilings/", requests.ceilings, name="ceilings"),
    path("<int:year>/publication/", publishing.publication, name="publication"),
    path("<int:year>/money/", public.money, name="money"),
    path("<int:year>/money/lines/<int:pk>/", public.line, name="line"),
    path("<int:year>/money/<slug:by>/<str:code>/", public.money_part, name="money_part"),
    path("<int:year>/agencies/", public.agencies, name="agencies"),
    path("<int:year>/agencies/<str:code>/", public.agency, name="agency"),
    path("<int:year>/districts/<str:plan_code>/", public.district, name="district"),
    path("<int:year>/versions/<int:number>/", public.version, name="version"),
]
