"""What every worker does again and again: take note of changes, make mails, send them."""

from nayu.db.clock import now
from nayu.jobs.services import every
from nayu.notices.services.collecting import collect
from nayu.notices.services.composing import compose
from nayu.notices.services.posting import post

SECONDS = 5.0


@every(seconds=SECONDS)
def keep_people_told() -> None:
    """Once a round. The city's clock says what is due, the machine's own is not asked."""
    moment = now()
    collect(at=moment)
    compose(at=moment)
    post(at=moment)
