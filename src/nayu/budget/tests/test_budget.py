"""Lines, ceilings, stages, and the second procedure."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from conftest import DRAINAGE, HEALTH, MEETING, NOON, line_input
from nayu.approvals.domain import StepNotAllowed
from nayu.approvals.models import Decision
from nayu.audit.models import Event
from nayu.budget import services
from nayu.budget.domain import (
    LaterYearPassed,
    LineNotExact,
    OverCeiling,
    RequestClosed,
    RequestEmpty,
)
from nayu.budget.models import Commitment, Line, Request, StageAmount
from nayu.budget.queries import (
    all_uses,
    breakdown,
    due_commitments,
    reached_stage,
    uses,
    working_books,
)
from nayu.core.errors import NotPermitted, NotVisible, Stale
from nayu.core.money import MoneyNegative, MoneyNotWholeBaht, MoneyTooLarge
from nayu.projects.models import ProjectEntry

YEAR = 2569


def routine(cast, **changes):
    return services.add_line(
        line_input(**changes), kind="routine", agency_code=DRAINAGE, fiscal_year_be=YEAR,
        actor=cast.anong, at=NOON,
    )  # fmt: skip


def request_of(cast, ceiling: int = 10_000_000):
    routine(cast)
    services.set_ceiling(DRAINAGE, YEAR, "3", D(ceiling), actor=cast.ganda, at=NOON)
    return services.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)


def test_the_database_computes_the_amount(cast):
    line = routine(cast, quantity=D("2.5"), unit_price=D(101))
    line.refresh_from_db()

    assert line.amount == D("252.50")
    assert line.stage_amounts.get().amount == D("252.50")


@pytest.mark.parametrize(
    ("quantity", "price", "error"),
    [
        (D("0.001"), D(1), LineNotExact),
        (D("0.0001"), D(1000), LineNotExact),
        (D(1), D("0.50"), MoneyNotWholeBaht),
        (D(1), D(10**12 + 1), MoneyTooLarge),
        (D(10**9), D(10**9), MoneyTooLarge),
    ],
)
def test_a_line_that_is_not_exact_or_too_large_is_refused(cast, quantity, price, error):
    with pytest.raises(error):
        routine(cast, quantity=quantity, unit_price=price)

    assert not Line.objects.exists()


def test_the_database_is_the_last_guard_of_exactness(cast):
    line = routine(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(quantity=D("0.001"), unit_price=D("0.01"))


def test_a_line_belongs_to_one_of_three_places(cast):
    line = routine(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(kind="project")


@given(st.integers(0, 10**9), st.integers(0, 10**5))
def test_an_amount_is_exact_or_refused_never_rounded(thousandths, price):
    quantity = D(thousandths).scaleb(-3)
    exact = quantity * price
    try:
        assert services.line_amount(quantity, D(price)) == exact
    except LineNotExact:
        assert exact * 100 != (exact * 100).to_integral_value()
    except MoneyTooLarge:
        assert max(exact, quantity) > 10**12


def test_over_asking_is_refused_at_submission_with_figures(cast):
    request = request_of(cast, ceiling=4_000_000)

    with pytest.raises(OverCeiling) as refusal:
        services.take_request_step(request.pk, "submit", actor=cast.boonmee, at=NOON)

    (use,) = refusal.value.facts["overruns"]
    assert (use.type_code, use.over_baht) == ("3", D(500_000))
    assert not Decision.objects.exists()
    assert Request.objects.get().state == "open"


def test_what_has_no_ceiling_is_denied_not_unlimited(cast):
    routine(cast, category_code="2.1")
    request = services.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)

    with pytest.raises(OverCeiling):
        services.take_request_step(request.pk, "submit", actor=cast.boonmee, at=NOON)


def test_an_empty_request_is_refused(cast):
    request = services.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)

    with pytest.raises(RequestEmpty):
        services.take_request_step(request.pk, "submit", actor=cast.boonmee, at=NOON)


def test_a_request_goes_to_the_ordinance_and_each_stage_keeps_its_amount(cast):
    request = request_of(cast)
    line = Line.objects.get()
    services.take_request_step(request.pk, "submit", actor=cast.boonmee, at=NOON)
    services.set_stage_amount(line.pk, D(4_000_000), reason="ราคาสูง", actor=cast.ganda, at=NOON)
    services.take_request_step(request.pk, "propose", actor=cast.ganda, at=NOON)
    services.set_stage_amount(line.pk, D(4_200_000), reason="จำเป็น", actor=cast.hathai, at=NOON)
    services.take_request_step(request.pk, "decide", actor=cast.hathai, at=NOON)
    assert reached_stage(YEAR) == "decided"
    services.take_request_step(request.pk, "enact", actor=cast.ganda, at=NOON, meeting=MEETING)

    assert dict(StageAmount.objects.values_list("stage_id", "amount")) == {
        "requested": D(4_500_000),
        "proposed": D(4_000_000),
        "decided": D(4_200_000),
        "ordinance": D(4_200_000),
    }
    assert reached_stage(YEAR) == "ordinance"
    with pytest.raises(StepNotAllowed):
        services.take_request_step(request.pk, "decide", actor=cast.hathai, at=NOON)


def test_lines_are_locked_once_the_request_is_submitted(cast):
    request = request_of(cast)
    services.take_request_step(request.pk, "submit", actor=cast.boonmee, at=NOON)

    with pytest.raises(RequestClosed):
        routine(cast)
    with pytest.raises(RequestClosed):
        services.remove_line(Line.objects.get().pk, actor=cast.anong, at=NOON)


def test_only_projects_in_the_plan_are_in_the_request(make, cast):
    make.entry("submitted", year=YEAR)
    included = make.entry("in_plan", year=YEAR, name="อุโมงค์ระบายน้ำ")

    (use,) = uses(DRAINAGE, YEAR)
    (with_drafts,) = uses(DRAINAGE, YEAR, with_drafts=True)

    assert use.lines_baht == D(4_500_000)
    assert with_drafts.lines_baht == D(9_000_000)
    services.set_ceiling(DRAINAGE, YEAR, "3", D(5_000_000), actor=cast.ganda, at=NOON)
    request = services.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)
    services.take_request_step(request.pk, "submit", actor=cast.boonmee, at=NOON)
    services.take_request_step(request.pk, "propose", actor=cast.ganda, at=NOON)
    proposed = StageAmount.objects.filter(stage_id="proposed")
    assert [amount.line.entry_id for amount in proposed] == [included.pk]


def test_a_line_of_a_project_in_the_plan_follows_the_request(make, cast):
    entry = make.entry("in_plan", year=YEAR)

    changed = services.change_line(
        entry.lines.get().pk, line_input(unit_price=D(1_400_000)), revision=1, actor=cast.anong,
        at=NOON,
    )  # fmt: skip

    assert changed.amount == D(4_200_000)
    with pytest.raises(Stale):
        services.change_line(changed.pk, line_input(), revision=1, actor=cast.anong, at=NOON)


def test_nobody_else_writes_an_agencys_lines_or_ceilings(cast):
    line = routine(cast)

    with pytest.raises(NotVisible):
        services.change_line(line.pk, line_input(), revision=1, actor=cast.chai, at=NOON)
    with pytest.raises(NotPermitted):
        services.set_ceiling(DRAINAGE, YEAR, "3", D(1), actor=cast.anong, at=NOON)


def over_years(cast, entry, later, *, price=100_000):
    """The first line of an entry as a contract over several years."""
    line = entry.lines.get()
    typed = line_input(
        item="อุโมงค์ระบายน้ำ", category_code="3.2", quantity=D(1), unit_price=D(price),
        later_years={year: D(amount) for year, amount in later.items()},
    )  # fmt: skip
    return services.change_line(line.pk, typed, revision=line.revision, actor=cast.anong, at=NOON)


def submitted_request(cast, year=YEAR):
    """The drainage department's request of a year, sent; what stands in it binds later years."""
    asked = services.open_request(DRAINAGE, year, actor=cast.anong, at=NOON)
    Request.objects.filter(pk=asked.pk).update(state="submitted")


def years_of(commitment):
    return dict(commitment.years.values_list("fiscal_year_be", "amount"))


def test_a_later_years_commitment_eats_its_ceiling_and_prefills_its_request(make, cast):
    entry = make.entry("in_plan", year=YEAR)
    over_years(cast, entry, {2570: 300_000, 2571: 200_000})
    submitted_request(cast)
    services.set_ceiling(DRAINAGE, 2570, "3", D(1_000_000), actor=cast.ganda, at=NOON)

    (before,) = uses(DRAINAGE, 2570)
    later = services.continue_with_commitments(entry.project_id, 2570, actor=cast.anong, at=NOON)
    (drafted,) = uses(DRAINAGE, 2570, with_drafts=True)
    (after,) = uses(DRAINAGE, 2570)
    ProjectEntry.objects.filter(pk=later.pk).update(state="in_plan")
    (planned,) = uses(DRAINAGE, 2570)

    assert (before.committed_baht, before.left_baht) == (D(300_000), D(700_000))
    assert [line.amount for line in later.lines.all()] == [D(300_000)]
    for use in (drafted, planned):
        assert (use.lines_baht, use.committed_baht, use.left_baht) == (
            D(300_000), D(0), D(700_000),
        )  # fmt: skip
    # A line in a draft is no part of the request yet: until then the commitment stands for it.
    assert (after.lines_baht, after.committed_baht) == (D(0), D(300_000))
    assert years_of(Commitment.objects.get()) == {2569: 100_000, 2570: 300_000, 2571: 200_000}
    assert later.project.last_fy == 2571


def test_continuing_twice_gives_the_entry_that_is_there(make, cast):
    entry = make.entry("in_plan", year=YEAR)
    over_years(cast, entry, {2570: 300_000})

    first = services.continue_with_commitments(entry.project_id, 2570, actor=cast.anong, at=NOON)
    again = services.continue_with_commitments(entry.project_id, 2570, actor=cast.anong, at=NOON)

    assert first == again
    assert first.lines.count() == 1


def test_what_is_only_typed_moves_no_later_ceiling_for_others(make, cast):
    entry = make.entry("draft", year=YEAR)
    over_years(cast, entry, {2570: 300_000})

    assert uses(DRAINAGE, 2570) == []
    assert all_uses(2570) == {}
    assert [use.committed_baht for use in uses(DRAINAGE, 2570, with_drafts=True)] == [D(300_000)]

    ProjectEntry.objects.filter(pk=entry.pk).update(state="in_plan")
    services.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)
    assert all_uses(2570) == {}
    submitted_request(cast)
    (use,) = all_uses(2570)[DRAINAGE]
    assert use.committed_baht == D(300_000)


def test_the_row_of_a_year_is_always_the_line_of_that_year(make, cast):
    entry = make.entry("in_plan", year=YEAR)
    line = over_years(cast, entry, {2570: 300_000, 2571: 200_000})
    carried = services.carry_commitment(
        line.commitment_id, 2570, agency_code=DRAINAGE, actor=cast.anong, at=NOON
    )
    dearer = line_input(
        item=carried.item, category_code="3.2", quantity=D(1), unit_price=D(350_000)
    )
    services.change_line(carried.pk, dearer, revision=1, actor=cast.anong, at=NOON)
    assert years_of(line.commitment) == {2569: 100_000, 2570: 350_000, 2571: 200_000}

    # The year that has a line follows it, whatever an older form says of it.
    line = over_years(cast, entry, {2570: 1, 2572: 50_000}, price=120_000)
    assert years_of(line.commitment) == {2569: 120_000, 2570: 350_000, 2572: 50_000}


def test_taking_the_later_years_away_takes_the_commitment_away(make, cast):
    entry = make.entry("in_plan", year=YEAR)
    over_years(cast, entry, {2570: 300_000})
    line = over_years(cast, entry, {})

    assert line.commitment is None
    assert not Commitment.objects.exists()


def test_a_removed_line_of_a_later_year_leaves_the_commitment_due(make, cast):
    entry = make.entry("in_plan", year=YEAR)
    line = over_years(cast, entry, {2570: 300_000})
    carried = services.carry_commitment(
        line.commitment_id, 2570, agency_code=DRAINAGE, actor=cast.anong, at=NOON
    )

    services.remove_line(carried.pk, actor=cast.anong, at=NOON)
    assert [due.amount for due in due_commitments(2570, with_drafts=True)] == [D(300_000)]
    services.remove_line(line.pk, actor=cast.anong, at=NOON)
    assert not Commitment.objects.exists()


def test_routine_work_over_several_years_is_carried_as_routine_work(cast):
    rent = {2570: D(12_000), 2571: D(12_000)}
    line = routine(cast, item="เช่ารถเก็บขนมูลฝอย", category_code="2.2", later_years=rent)

    carried = services.carry_commitment(
        line.commitment_id, 2570, agency_code=DRAINAGE, actor=cast.anong, at=NOON
    )
    again = services.carry_commitment(
        line.commitment_id, 2570, agency_code=DRAINAGE, actor=cast.anong, at=NOON
    )

    assert carried == again
    assert (carried.kind, carried.amount, carried.work_id) == ("routine", D(12_000), line.work_id)
    with pytest.raises(NotPermitted):
        services.carry_commitment(
            line.commitment_id, 2571, agency_code=DRAINAGE, actor=cast.chai, at=NOON
        )
    with pytest.raises(NotVisible):
        services.carry_commitment(
            line.commitment_id, 2571, agency_code=HEALTH, actor=cast.chai, at=NOON
        )
    assert Line.objects.count() == 2


def test_later_years_come_later_and_are_whole_baht(make, cast):
    entry = make.entry("draft", year=YEAR)
    with pytest.raises(LaterYearPassed):
        over_years(cast, entry, {YEAR: 300_000})
    with pytest.raises(MoneyNotWholeBaht):
        over_years(cast, entry, {2570: "300000.50"})
    with pytest.raises(MoneyNegative):
        over_years(cast, entry, {2570: -1})
    assert not Commitment.objects.exists()


def test_the_record_tells_the_years_of_a_line(make, cast):
    entry = make.entry("draft", year=YEAR)
    over_years(cast, entry, {2570: 300_000})

    event = Event.objects.filter(verb="line.change").get()
    assert event.facts["years"] == {"2569": "100000.00", "2570": "300000.00"}


@pytest.mark.parametrize(
    "by", ["none", "element", "agency", "expenditure", "function", "source", "district"]
)
def test_every_breakdown_has_the_same_grand_total_as_its_rows(make, cast, by):
    make.entry("in_plan", year=YEAR)
    make.entry("submitted", year=YEAR, planner=cast.chai, name="คลินิกชุมชน")
    routine(cast, category_code="2.1", unit_price=D(33))

    found = breakdown(working_books(YEAR, "requested"), by, "nine")

    assert found.grand_total_baht == D(9_000_099)
    assert sum(row.amount_baht for row in found.rows) == found.grand_total_baht


def test_a_reader_never_adds_up_what_they_may_not_see(make, cast):
    make.entry("draft", year=YEAR, planner=cast.chai, name="คลินิกชุมชน")
    make.entry("submitted", year=YEAR)

    def total(person):
        return working_books(YEAR, "requested", person).total_baht()

    assert total(cast.stranger) == 0
    assert total(cast.jira) == 0
    assert total(cast.anong) == total(cast.fah) == total(cast.ganda) == D(4_500_000)
    assert total(cast.chai) == D(4_500_000)
