"""What changed in a request: its lines, its projects' lines, and the amounts set for a stage."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from nayu.approvals.domain import PROJECT, REQUEST
from nayu.audit.models import Event
from nayu.budget.models import Request
from nayu.projects.models import ProjectEntry

CHANGES_OF_A_REQUEST = (
    "line.add", "line.change", "line.remove", "amount.proposed", "amount.decided",
    "project.include",
)  # fmt: skip


def changes_of_request(request: Request) -> QuerySet[Event]:
    """Deeds that changed what a request asks for, oldest first.

    Lines of projects outside the plan are not in the request, so they are left out here too.
    """
    in_plan = (
        ProjectEntry.objects.filter(
            agency_id=request.agency_id, fiscal_year_be=request.fiscal_year_be, state="in_plan"
        )
        .annotate(key=Cast("pk", CharField()))
        .values("key")
    )
    return Event.objects.filter(
        Q(subject_kind=REQUEST) | Q(subject_kind=PROJECT, subject_id__in=in_plan),
        agency_code=request.agency_id,
        fiscal_year_be=request.fiscal_year_be,
        verb__in=CHANGES_OF_A_REQUEST,
    ).order_by("id")
