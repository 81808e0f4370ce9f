"""The texts of entries that likeness is asked of; brought up to date before anything is asked."""

from collections.abc import Iterable, Iterator

from nayu.agencies.queries import place_names
from nayu.projects.models import ProjectEntry
from nayu.search.domain import WORKING
from nayu.search.domain.likeness import NAME, RATIONALE, plain
from nayu.search.services.likeness import LikeInput, put


def keep_likeness(entries: Iterable[ProjectEntry], *, with_near: bool = True) -> int:
    """Keep name and rationale of working entries as they now are; answers how many texts.

    The project of each entry must be at hand.
    """
    names = place_names()
    return put((text for entry in entries for text in _texts_of(entry, names)), with_near=with_near)


def _texts_of(entry: ProjectEntry, names: tuple[str, ...]) -> Iterator[LikeInput]:
    for field, text in ((NAME, entry.name_th), (RATIONALE, entry.rationale)):
        yield LikeInput(
            WORKING, field, entry.pk, entry.fiscal_year_be, entry.agency_id, entry.project.code,
            plain(text, names),
        )  # fmt: skip
