"""The clock of the city: the machine's, or one that stands at a set day (sample city, tests).

Only the outermost floors ask it; services and rules take the time as an argument.
"""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment; with `TODAY` set, that day at the machine's time of day."""
    moment = timezone.localtime()
    if settings.TODAY is None:
        return moment
    return datetime.combine(settings.TODAY, moment.timetz())


def today() -> date:
    return now().date()
