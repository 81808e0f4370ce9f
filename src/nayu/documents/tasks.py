"""Background making of ordered documents: an order's id in, a stored file out."""

from typing import Any

from nayu.accounts.models import User
from nayu.agencies.domain import STRANGER_PERSON
from nayu.agencies.queries import person_of
from nayu.db.clock import now, today
from nayu.documents.models import Order
from nayu.documents.services import JOB_KIND, choice_of, content_of, keep, write
from nayu.jobs.services import JobContext, job_kind

STEPS = 3  # gather, write, store


@job_kind(JOB_KIND)
def document(context: JobContext) -> dict[str, Any]:
    """Make the document of the order with the job's id, as its orderer may see it now."""
    order = Order.objects.get(job_id=context.claim.job_id)
    user = User.objects.filter(pk=context.requested_by_id or 0).first()
    # A signed-in person who is gone since is a stranger; the operator never orders.
    person = person_of(user, today()) if user else STRANGER_PERSON
    choice = choice_of(order)
    context.progress(0, STEPS)
    values = content_of(choice, person=person)
    context.progress(1, STEPS)
    made = write(choice, values)
    context.progress(2, STEPS)
    if context.cancelled():
        return {}
    keep(order.pk, made, at=now())
    return {"name": made.name, "size": len(made.content), "digest": made.digest}
