"""Pages and totals ask the same number of questions of the database, however large the city."""

import pytest
from bench import city, queries

pytestmark = pytest.mark.django_db


def test_home_list_project_and_totals_take_as_many_queries_in_a_city_four_times_as_large():
    projects, lines = city.size()
    small = queries.counts()

    city.grow(4 * projects, 4 * lines)

    assert city.size() == (4 * projects, 4 * lines)
    assert queries.counts() == small
