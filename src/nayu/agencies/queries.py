"""Questions about agencies and about who somebody is."""

from datetime import date
from typing import Any

from nayu.agencies.domain import STRANGER_PERSON, Holding, Person
from nayu.agencies.models import Agency, AgencyQuerySet, Appointment, District


def person_of(user: Any, day: date) -> Person:
    """The person behind a sign-in, with the posts held on a day; anybody else is a stranger."""
    if user is None or not user.is_authenticated or not user.is_active:
        return STRANGER_PERSON
    holdings = tuple(
        Holding(
            appointment.post.code,
            appointment.post.role,
            appointment.post.agency_id,
            appointment.post.title_th,
            appointment.post.title_en or appointment.post.title_th,
        )
        for appointment in Appointment.in_force(day).filter(user=user).order_by("post__code")
    )
    return Person(user.pk, str(user), holdings)


def budget_holders(fiscal_year_be: int) -> AgencyQuerySet:
    """Agencies of a year, districts after the rest, by code."""
    return Agency.objects.budget_holders(fiscal_year_be).order_by("code")


def districts() -> list[District]:
    """All districts by plan code."""
    return list(District.objects.select_related("group").order_by("plan_code"))


def place_names() -> tuple[str, ...]:
    """Names of all districts and agencies, as a text may hold them to say where it applies."""
    found = set(District.objects.values_list("name_th", flat=True))
    found |= set(District.objects.values_list("name_en", flat=True))
    found |= set(Agency.objects.values_list("name_th", flat=True))
    return tuple(sorted(found - {""}))
