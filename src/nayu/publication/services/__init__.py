"""Deeds of publishing, and of changing what is published; other apps use this door."""

from nayu.publication.services.changes import (
    adopt_current,
    apply_now,
    begin_change,
    propose,
    take_change_step,
    withdraw_field,
)
from nayu.publication.services.pack import load_pack
from nayu.publication.services.publishing import STATES_OF_KIND, NothingToPublish, publish
from nayu.publication.services.relating import relate

__all__ = [
    "STATES_OF_KIND", "NothingToPublish", "adopt_current", "apply_now", "begin_change", "load_pack",
    "propose", "publish", "relate", "take_change_step", "withdraw_field",
]  # fmt: skip
