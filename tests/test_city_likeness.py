"""The sample city's families: copies of one text over districts are found, and nothing else is."""

from collections import Counter

import pytest

from nayu.agencies.models import Appointment
from nayu.agencies.queries import person_of
from nayu.portal.queries.likeness import LikeShown, families_of, family_of, likes_of
from nayu.practice.services import SAMPLE_DAY
from nayu.projects.models import Project, ProjectEntry
from nayu.search.domain.likeness import NAME

pytestmark = pytest.mark.django_db
YEAR = 2570


@pytest.fixture
def strategist(db):
    appointment = Appointment.objects.get(post__code="strategist")
    return person_of(appointment.user, SAMPLE_DAY)


def test_planted_families_are_found_whole_and_nothing_else_is(strategist):
    """Of the entries the strategist sees: two or more of one planted text, and only those."""
    seen = ProjectEntry.objects.visible_to(strategist).filter(fiscal_year_be=YEAR)
    planted = {
        key
        for key, agencies in Counter(
            seen.exclude(project__family="").values_list("project__family", flat=True)
        ).items()
        if agencies > 1
    }
    found = {}
    for row in families_of(strategist, YEAR):
        family = family_of(strategist, YEAR, row.code)
        [key] = {place.family for place in family.places}  # precision: one planted text each
        found[key] = {place.member.code for place in family.places}
    assert set(found) == planted
    for key, codes in found.items():
        live = set(seen.filter(project__family=key).values_list("project__code", flat=True))
        assert live <= codes
    assert len(found) >= 20


def test_a_familys_totals_are_those_of_its_entries(strategist):
    row = families_of(strategist, YEAR)[0]
    family = family_of(strategist, YEAR, row.code)
    assert row.projects == len(family.places) >= 5
    assert family.baht == sum(place.baht for place in family.places)
    assert family.differing == []


def test_a_copy_finds_its_own_text_in_other_districts_by_its_name(strategist):
    copies = Project.objects.exclude(family="").filter(name_th__contains=" เขต").order_by("code")
    for project in copies[:10]:
        # The newest entry of one of them has another's name: a planted fault.
        entry = ProjectEntry.objects.filter(project=project).earliest("fiscal_year_be")
        found: list[LikeShown] = likes_of(strategist, entry, NAME, entry.name_th)
        assert found
        assert found[0].percent == 100
        assert Project.objects.get(code=found[0].code).family == project.family
