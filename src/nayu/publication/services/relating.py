"""Relations between projects, for which it matters what everybody can read."""

from datetime import datetime

from nayu.agencies.domain import Person
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry, Relation
from nayu.publication.queries import is_published


def relate(
    entry_id: int, other_id: int, kind: str, *, reason: str = "", actor: Person, at: datetime
) -> Relation:
    """As `projects.services.relate`, which cannot know what is published."""
    other = ProjectEntry.objects.filter(pk=other_id).first()
    return projects.relate(
        entry_id, other_id, kind, reason=reason, actor=actor, at=at,
        is_published=other is not None and is_published(other),
    )  # fmt: skip
