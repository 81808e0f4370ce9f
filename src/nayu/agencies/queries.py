"""Questions about agencies and about who somebody is."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from nayu.agencies.domain import STRANGER_PERSON, Holding, Person
from nayu.agencies.models import Agency, AgencyQuerySet, Appointment, District


def person_of(user: Any, day: date) -> Person:
    """The person behind a sign-in, with the posts held on a day; anybody else is a stranger."""
    if user is None or not user.is_authenticated or not user.is_active:
        return STRANGER_PERSON
    return people_of([user], day)[user.pk]


def people_of(users: Iterable[Any], day: date) -> dict[int, Person]:
    """People behind sign-ins by user id, in one query; one who may not sign in is a stranger."""
    held: dict[int, list[Holding]] = {user.pk: [] for user in users if user.is_active}
    in_force = Appointment.in_force(day).filter(user__in=list(held))
    for appointment in in_force.order_by("acting", "post__code"):
        held[appointment.user_id].append(holding_of(appointment))
    return {
        user.pk: Person(user.pk, str(user), tuple(held[user.pk]))
        if user.pk in held
        else STRANGER_PERSON
        for user in users
    }


def holding_of(appointment: Appointment) -> Holding:
    """The post as its holder signs: one who acts for it says so, with the order's number."""
    post = appointment.post
    thai, english = post.title_th, post.title_en or post.title_th
    if appointment.acting:
        number = appointment.order_number
        thai = f"รักษาราชการแทน{thai} (คำสั่งที่ {number})"
        english = f"Acting {english} (order {number})"
    return Holding(
        post.code, post.role, post.agency_id, thai[:200], english[:200], appointment.acting,
        appointment.order_number,
    )  # fmt: skip


def holders(day: date, *, role: str = "", agency_code: str | None = None) -> list[Appointment]:
    """Who holds posts of a role, or of an agency, on a day; one row a person, own posts first."""
    found = Appointment.in_force(day).filter(user__is_active=True).select_related("user")
    found = found.filter(post__agency=agency_code) if agency_code else found.filter(post__role=role)
    people: dict[int, Appointment] = {}
    for appointment in found.order_by("acting", "post__code", "user_id"):
        people.setdefault(appointment.user_id, appointment)
    return list(people.values())


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
