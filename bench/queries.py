"""How many queries a page and a total take; the number must not grow with the city."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.city import COPY, YEAR
from nayu.accounts.models import User
from nayu.budget.domain import BY
from nayu.portal.queries import plans
from nayu.publication.models import FrozenEntry
from nayu.publication.queries import current_version, totals

HOST = "127.0.0.1"


def addresses() -> dict[str, str]:
    """Pages of the published plan: the same project and agency whatever the city's size."""
    published = FrozenEntry.objects.filter(version=current_version(YEAR)).order_by("project_code")
    codes = list(published.values_list("project_code", flat=True))
    original = published.exclude(entry__project__source=COPY).values_list(
        "project_code", "agency_id"
    )
    code, agency = original[0]
    middle = codes[len(codes) // 2]
    return {
        "home": f"/{YEAR}/",
        "list": f"/{YEAR}/projects/",
        "list, an agency and a word": f"/{YEAR}/projects/?agency={agency}&q=น",
        "list, a strategy": f"/{YEAR}/projects/?strategy=1",
        "list, the page from the middle": f"/{YEAR}/projects/?after={middle}",
        "project": f"/{YEAR}/projects/{code}/",
        "totals": f"/{YEAR}/money/",
    }


def counts() -> dict[str, int]:
    """Queries by page: a stranger's, the strategist's working pages, and every total.

    A published plan is kept for a minute: a page is asked without it, and "again" with it.
    """
    pages = addresses()
    found = {}
    for name, address in pages.items():
        plans.forget()
        found[name] = _of_page(Client(), address)
        found[f"{name}, again"] = _of_page(Client(), address)
    strategist = Client()
    strategist.force_login(User.objects.get(username="fah"))
    for name, address in (
        ("working list", f"{pages['list']}?view=working"),
        ("working project", pages["project"]),
    ):
        plans.forget()
        found[name] = _of_page(strategist, address)
    for version in ("published", "working"):
        for by in BY:
            with CaptureQueriesContext(connection) as taken:
                totals(YEAR, "ordinance", version=version, by=by)
            found[f"nayu totals, {version} by {by}"] = len(taken)
    return found


def _of_page(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        response = client.get(address, headers={"host": HOST})
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return len(taken)
