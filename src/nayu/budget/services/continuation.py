"""What was committed for a later year comes into that year's request."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.budget.domain import PROJECT, ROUTINE
from nayu.budget.models import Commitment, CommitmentYear, Line
from nayu.budget.services.lines import LineInput, add_line
from nayu.core.errors import NotPermitted, NotVisible
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry


@transaction.atomic
def continue_with_commitments(
    project_id: int, fiscal_year_be: int, *, actor: Person, at: datetime
) -> ProjectEntry:
    """A continuing project's entry in a later year, pre-filled with that year's commitments.

    Asked twice, the entry that is there is returned as it is. Raises NotPermitted.
    """
    entry, is_new = projects.continue_project(project_id, fiscal_year_be, actor=actor, at=at)
    if is_new:
        for due in _due(fiscal_year_be).filter(commitment__project_id=project_id):
            _take_over(due, entry, actor=actor, at=at)
    return entry


@transaction.atomic
def carry_commitment(
    commitment_id: int, fiscal_year_be: int, *, agency_code: str, actor: Person, at: datetime
) -> Line:
    """The line of an agency's commitment in a later year: routine, or in the project's entry.

    A project without an entry in that year is continued first. Asked twice, the line that is
    there is returned. Raises NotVisible, NotPermitted, RequestClosed.
    """
    if not may(actor, "request.edit", state="open", agency_code=agency_code):
        raise NotPermitted(act="request.edit", state="-")
    commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .filter(pk=commitment_id, agency_id=agency_code)
        .first()
    )
    if commitment is None:
        raise NotVisible
    due = _due(fiscal_year_be).filter(commitment=commitment).first()
    project_id = commitment.project_id
    if due is not None and project_id is None:
        return _take_over(due, None, actor=actor, at=at)
    if due is not None and project_id is not None:
        entry = ProjectEntry.objects.filter(
            project_id=project_id, fiscal_year_be=fiscal_year_be
        ).first()
        if entry is not None:
            return _take_over(due, entry, actor=actor, at=at)
        continue_with_commitments(project_id, fiscal_year_be, actor=actor, at=at)
    line = commitment.lines.filter(fiscal_year_be=fiscal_year_be).first()
    if line is None:
        raise NotVisible
    return line


def _due(fiscal_year_be: int) -> QuerySet[CommitmentYear]:
    """Rows of the year that no line carries yet."""
    return (
        CommitmentYear.objects.filter(fiscal_year_be=fiscal_year_be)
        .exclude(commitment__lines__fiscal_year_be=fiscal_year_be)
        .select_related("commitment")
        .order_by("commitment_id")
    )


def _take_over(
    due: CommitmentYear, entry: ProjectEntry | None, *, actor: Person, at: datetime
) -> Line:
    earlier = due.commitment.lines.order_by("-fiscal_year_be").first()
    return add_line(
        LineInput(
            item=due.commitment.item,
            quantity=Decimal(1),
            unit="งาน",
            unit_price=due.amount,
            category_code=due.commitment.category_id,
            work_code=earlier.work_id if earlier else None,
            source_code=earlier.source_id if earlier else "bma",
            novelty="continuing",
            price_reference="past_purchase",
            price_evidence="สัญญาผูกพันจากปีก่อน",
            if_not_funded="ผิดสัญญาผูกพันที่ลงนามแล้ว",
        ),
        kind=PROJECT if entry else ROUTINE,
        agency_code=due.commitment.agency_id,
        fiscal_year_be=due.fiscal_year_be,
        entry_id=entry.pk if entry else None,
        commitment_id=due.commitment_id,
        actor=actor,
        at=at,
    )
