"""Lines, ceilings, stages, and the second procedure."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from conftest import DRAINAGE, MEETING, NOON, line_input
from nayu.approvals.domain import StepNotAllowed
from nayu.approvals.models import Decision
from nayu.budget import services
from nayu.budget.domain import LineNotExact, OverCeiling, RequestClosed, RequestEmpty
from nayu.budget.models import Commitment, Line, Request, StageAmount
from nayu.budget.queries import breakdown, reached_stage, uses, working_books
from nayu.core.errors import NotPermitted, NotVisible, Stale
from nayu.core.money import MoneyNotWholeBaht, MoneyTooLarge

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


def test_a_later_years_commitment_eats_its_ceiling_and_prefills_its_request(make, cast):
    entry = make.entry("in_plan", year=YEAR)
    services.commit(
        entry.project_id, item="อุโมงค์ระบายน้ำ", category_code="3.2",
        years={2569: D(100_000), 2570: D(300_000), 2571: D(200_000)},
    )  # fmt: skip
    services.set_ceiling(DRAINAGE, 2570, "3", D(1_000_000), actor=cast.ganda, at=NOON)

    (before,) = uses(DRAINAGE, 2570)
    later = services.continue_with_commitments(entry.project_id, 2570, actor=cast.anong, at=NOON)
    (after,) = uses(DRAINAGE, 2570, with_drafts=True)

    assert (before.committed_baht, before.left_baht) == (D(300_000), D(700_000))
    assert [line.amount for line in later.lines.all()] == [D(300_000)]
    assert (after.lines_baht, after.committed_baht, after.left_baht) == (
        D(300_000), D(0), D(700_000),
    )  # fmt: skip
    assert sum(y.amount for y in Commitment.objects.get().years.all()) == D(600_000)


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
