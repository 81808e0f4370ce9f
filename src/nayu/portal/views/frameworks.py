"""A framework with money, projects and gaps at each element."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.portal.queries.facets import (
    flat,
    untargeted,
)
from nayu.portal.queries.plans import (
    ElementNode,
    plan_of,
)
from nayu.portal.views.frame import named_here, page_frame
from nayu.publication.models import FrozenEntry
from nayu.strategy.models import Element, Framework
from nayu.strategy.queries import frameworks_in_force, indicators_of, year_targets
from nayu.ui.components import Crumb


@require_GET
def framework(request: HttpRequest, year: int) -> HttpResponse:
    frameworks = frameworks_in_force(year)
    wanted = request.GET.get("framework", "")
    shown = next((f for f in frameworks if f.code == wanted), frameworks[0] if frameworks else None)
    plan = plan_of(year)
    tree = plan.tree(shown) if plan and shown else []
    if shown and plan is None:
        tree = _bare_tree(shown)
    page = page_frame(year, "portal:framework", "plan", plan) | {
        "frameworks": frameworks,
        "framework": shown,
        "tree": tree,
        "levels": list(shown.levels.order_by("depth")) if shown else [],
        "gaps": sum(1 for node in flat(tree) if node.is_gap),
        "untargeted": untargeted(tree, year),
        "tree_projects": sum(node.projects for node in tree),
        "tree_people": sum((node.people for node in tree), Decimal(0)),
        "tree_total": sum((node.amount for node in tree), Decimal(0)),
    }
    return render(request, "portal/framework.html", page)


def _bare_tree(shown: Framework) -> list[ElementNode]:
    nodes = [
        ElementNode(e)
        for e in Element.objects.filter(framework=shown)
        .select_related("level")
        .order_by("sort_key")
    ]
    by_pk = {node.element.pk: node for node in nodes}
    for node in nodes:
        if node.element.parent_id:
            by_pk[node.element.parent_id].children.append(node)
    return [node for node in nodes if not node.element.parent_id]


@require_GET
def element(request: HttpRequest, year: int, code: str, number: str) -> HttpResponse:
    shown = get_object_or_404(
        Element.objects.select_related("framework", "level", "parent"),
        framework__code=code,
        number=number,
    )
    plan = plan_of(year)
    node = None
    projects: list[FrozenEntry] = []
    if plan:
        plan = plan.in_framework(shown.framework)
        node = next((n for n in flat(plan.tree(shown.framework)) if n.element.pk == shown.pk), None)
        ids = set(plan.entries_of_element(number))
        projects = [frozen for pk, frozen in plan.entries.items() if pk in ids]
    indicators = indicators_of([shown])[shown.pk]
    targets = year_targets([indicator.pk for indicator in indicators], year)
    crumbs = [Crumb(_("Framework"), f"{reverse('portal:framework', args=[year])}?framework={code}")]
    step, path, top = shown.parent, [], shown
    while step is not None:
        top = step
        path.append(
            Crumb(
                f"{step.number} {named_here(step)}",
                reverse("portal:element", args=[year, code, step.number]),
            )
        )
        step = step.parent
    page = page_frame(year, "portal:element", "plan", plan, code, number) | {
        "element": shown,
        "node": node,
        "top": top,
        "people": int(node.people) if node else 0,
        "projects": sorted(projects, key=lambda frozen: (-frozen.amount, frozen.project_code)),
        "projects_total": sum((frozen.amount for frozen in projects), Decimal(0)),
        "indicators": [(indicator, targets.get(indicator.pk)) for indicator in indicators],
        "crumbs": [*crumbs, *reversed(path), Crumb(shown.number)],
    }
    return render(request, "portal/element.html", page)
