"""Relations between projects where others read them: on the decision desk and in one's work."""

from typing import Any

from django import template

from nayu.portal.queries.likeness import joint_work_asked, relations_of, said_of
from nayu.projects.models import ProjectEntry

register = template.Library()


@register.inclusion_tag("portal/_relations.html", takes_context=True)
def relations_of_project(context: dict[str, Any], entry: ProjectEntry) -> dict[str, Any]:
    """What is said of other projects, and by others of this one."""
    person = context["person"]
    return {
        "relations": relations_of(person, entry),
        "said": said_of(person, entry),
        "LANGUAGE_CODE": context.get("LANGUAGE_CODE", ""),
    }


@register.inclusion_tag("portal/_joint_work_waiting.html", takes_context=True)
def joint_work_waiting(context: dict[str, Any]) -> dict[str, Any]:
    """Joint work that waits for an answer of this person's agency."""
    return {"asked": joint_work_asked(context["person"], only_waiting=True)}
