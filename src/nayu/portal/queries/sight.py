"""What a reader may find: asked of live rows at the moment of reading, never of the index."""

from django.db.models import Q

from nayu.agencies.domain import Person
from nayu.projects.models import ProjectEntry
from nayu.search.domain import PROJECT, PUBLIC, WORKING


def sight_of(person: Person) -> Q:
    """The condition on index rows: published ones, and working entries the person sees now."""
    published = Q(audience=PUBLIC)
    if not person.is_signed_in:
        return published
    seen = ProjectEntry.objects.visible_to(person).values("pk")
    return published | Q(audience=WORKING, kind=PROJECT, subject_id__in=seen)


def sight_of_likes(person: Person) -> Q:
    """The condition on texts that likeness may tell of, asked of live rows as well."""
    published = Q(audience=PUBLIC)
    if not person.is_signed_in:
        return published
    seen = ProjectEntry.objects.visible_to(person).values("pk")
    return published | Q(audience=WORKING, subject_id__in=seen)
