"""Each procedure as a picture and as a table, both drawn from its data."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.agencies.domain import BUDGETER, EXECUTIVE, HEAD, PLANNER, STRATEGIST
from nayu.approvals.domain import PROCEDURES, RIGHTS, WINDOW_STEPS, Procedure, Step
from nayu.approvals.messages import NAMES
from nayu.core.errors import NotVisible
from nayu.ui.components import Crumb

GUTTER = {"left": 46, "right": 88}  # room for a step's words between the box and the first lane
ROW, BOX_WIDTH, BOX_HEIGHT, LEFT, TOP, WIDTH = 92, 220, 44, 210, 16, 640


@dataclass(frozen=True, slots=True)
class Node:
    """A state as drawn; lengths in the picture's own units."""

    name: str
    y: int
    who: str = ""

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step as drawn: its path, its words, and where these stand."""

    path: str
    text: str
    x: int
    y: int
    anchor: str


def roles() -> dict[str, str]:
    return {
        PLANNER: _("the agency's planner"), HEAD: _("the head of the agency"),
        STRATEGIST: _("the Strategy and Evaluation Department"),
        BUDGETER: _("the Budget Department"), EXECUTIVE: _("the executive"),
    }  # fmt: skip


def who_may(procedure: str, step: Step) -> list[str]:
    """The roles that may take a step, from the table of rights."""
    names = roles()
    return [
        names.get(right.role, right.role)
        for right in RIGHTS
        if right.act == f"{procedure}.{step.code}" and step.from_state in right.states
    ]


def needs(procedure: str, step: Step) -> list[str]:
    """What a step asks for, in words."""
    asked = [
        (step.needs_reason, _("a reason")),
        (step.needs_meeting, _("the committee's meeting number and date")),
        (step.not_by_author, _("somebody other than the author")),
        (step.not_by_earlier, _("somebody who took no step below in this round")),
        (WINDOW_STEPS.get(procedure) == step.code, _("an open window, where one is set")),
    ]
    return [words for is_asked, words in asked if is_asked]


def drawing(procedure: Procedure) -> dict[str, Any]:
    """States below one another; a step to the next one runs straight, others run beside.

    Steps forward over several states run on the right, steps back on the left.
    """
    desks = {state: roles()[role] for state, role in procedure.waits_for.items()}
    nodes = {
        state: Node(str(NAMES[state]), TOP + n * ROW, desks.get(state, ""))
        for n, state in enumerate(procedure.states)
    }
    order, arrows, lanes = list(procedure.states), [], {"left": 0, "right": 0}
    for step in procedure.steps:
        start, end = nodes[step.from_state], nodes[step.to_state]
        span = order.index(step.to_state) - order.index(step.from_state)
        if span == 1:
            arrows.append(_straight(step, start, end))
            continue
        side = "right" if span > 0 else "left"
        lanes[side] += 1
        arrows.append(_beside(step, start, end, side, lanes[side]))
    return {
        "nodes": list(nodes.values()), "arrows": arrows, "width": WIDTH, "left": LEFT,
        "box_width": BOX_WIDTH, "box_height": BOX_HEIGHT, "centre": LEFT + BOX_WIDTH // 2,
        "height": TOP * 2 + (len(nodes) - 1) * ROW + BOX_HEIGHT,
    }  # fmt: skip


def _straight(step: Step, start: Node, end: Node) -> Arrow:
    x, top, bottom = LEFT + BOX_WIDTH // 2, start.y + BOX_HEIGHT, end.y - 2
    path = f"M{x} {top} V{bottom}"
    return Arrow(path, str(NAMES[step.code]), x + 10, (top + bottom) // 2 + 4, "start")


def _beside(step: Step, start: Node, end: Node, side: str, lane: int) -> Arrow:
    """Out of the box's side, along its own lane, and into the other box's side."""
    shift = 7 * (lane % 3) - 7  # keeps the ends of several arrows apart
    edge, sign, anchor = (LEFT + BOX_WIDTH, 1, "start") if side == "right" else (LEFT, -1, "end")
    x = edge + sign * (GUTTER[side] + 24 * lane)
    first, last = start.middle + shift, end.middle + shift
    path = f"M{edge} {first} H{x} V{last} H{edge + sign * 3}"
    return Arrow(path, str(NAMES[step.code]), edge + sign * 8, first - 5, anchor)


@require_GET
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of a procedure, and the same in a table."""
    found = PROCEDURES.get(code)
    if found is None:
        raise NotVisible
    titles = {
        "project": _("How a project is decided"),
        "request": _("How a request is decided"),
        "change": _("How a change after publication is decided"),
        "scenario": _("How an allocation is decided"),
    }
    names = roles()
    page = {
        "nav": "", "title": titles[code], "picture": drawing(found),
        "others": [(other, titles[other]) for other in PROCEDURES if other != code],
        "rows": [
            {
                "from": NAMES[step.from_state], "name": NAMES[step.code],
                "to": NAMES[step.to_state], "who": who_may(code, step),
                "needs": needs(code, step),
            }
            for step in found.steps
        ],
        "waits": [
            (NAMES[state], names.get(found.waits_for.get(state, ""), "")) for state in found.states
        ],
        "crumbs": [Crumb(titles[code])],
    }  # fmt: skip
    return render(request, "portal/procedure.html", page)
