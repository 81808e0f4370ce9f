"""Opinions on the pages of other apps: of a project, of a goal, and the card of the home page."""

from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils.translation import get_language

from nayu.consultation import queries
from nayu.consultation.domain import GOAL, PARTNER_BODY, PLAN, PROJECT
from nayu.consultation.messages import OUTCOMES, STANCES_TOLD
from nayu.consultation.models import Opinion
from nayu.db.clock import today
from nayu.publication.models import PlanVersion
from nayu.ui.templatetags.nayu import named

register = template.Library()
FEW = 3
OUTCOME_ICONS = {"adopted": "circle-check", "in_part": "circle-half-2", "not_adopted": "minus"}


@register.inclusion_tag("consultation/_of_thing.html")
def opinions_of_project(version: PlanVersion | None, project_code: str) -> dict[str, Any]:
    """The newest opinions on a project in the year's plan, and the way to leave one."""
    if version is None:
        return {"absent": True}
    found = queries.opinions_of_project(version.fiscal_year_be, project_code)
    return _of_thing(version.fiscal_year_be, PROJECT, project_code, found)


@register.inclusion_tag("consultation/_of_thing.html")
def opinions_of_element(version: PlanVersion | None, number: str) -> dict[str, Any]:
    """The newest opinions on a goal in the year's plan, and the way to leave one."""
    if version is None:
        return {"absent": True}
    found = queries.opinions_of_element(version.fiscal_year_be, number)
    return _of_thing(version.fiscal_year_be, GOAL, number, found)


def _of_thing(year: int, kind: str, code: str, found: QuerySet[Opinion]) -> dict[str, Any]:
    rounds = queries.rounds_of_year(year, today())
    if not rounds:
        return {"absent": True}
    open_round = rounds[0] if rounds[0].is_open else None
    takes = open_round is not None and _is_in(open_round, kind, code)
    in_favour, against = queries.sides(found)
    return {
        "rows": queries.shown(found[:FEW]),
        "in_favour": in_favour,
        "against": against,
        "total": found.count(),
        "year": year,
        "kind": kind,
        "code": code,
        "open_round": open_round if takes else None,
        "last_round": rounds[0],
    }


def _is_in(found: queries.Round, kind: str, code: str) -> bool:
    """A project that came later is not in the version that is open for comment."""
    version = found.consultation.version
    return kind != PROJECT or version.entries.filter(project_code=code).exists()


@register.inclusion_tag("consultation/_home_card.html")
def consultation_card(fiscal_year: int) -> dict[str, Any]:
    """Period, number of opinions and share answered; nothing if the year has no consultation."""
    return {"round": next(iter(queries.rounds_of_year(fiscal_year, today())), None)}


@register.inclusion_tag("consultation/_round_figures.html")
def round_figures(found: queries.Round) -> dict[str, Any]:
    return {"round": found}


@register.inclusion_tag("consultation/_opinion.html")
def opinion_beside_answer(row: queries.Shown, linked: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - templates name it
    """One opinion beside the city's answer."""
    outcome = row.answer.outcome if row.answer else ""
    return {
        "row": row,
        "opinion": row.opinion,
        "answer": row.answer,
        "body": named(row.opinion.body) if row.opinion.author_kind == PARTNER_BODY else "",
        "about_plan": row.opinion.about_kind == PLAN,
        "stance_words": STANCES_TOLD.get(row.opinion.stance, ""),
        "outcome_words": OUTCOMES.get(outcome, ""),
        "answer_post": _post_of(row),
        "outcome_icon": OUTCOME_ICONS.get(outcome, ""),
        "linked": linked,
    }


def _post_of(row: queries.Shown) -> str:
    """The post that answered; never the officer's name."""
    if row.answer is None:
        return ""
    english = row.answer.post_title_en if get_language() == "en" else ""
    return english or row.answer.post_title_th
