"""Three-way merge of flat texts: what was read, what was typed, what stands now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that two people changed differently since both read `base`."""

    base: str
    stored: str
    typed: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` are what should stand; `conflicts` still stand as stored until somebody chooses."""

    values: dict[str, str]
    changed: frozenset[str]
    conflicts: dict[str, Conflict]


def _equal(one: str, other: str) -> bool:
    return one == other


def merge(
    stored: Mapping[str, str],
    base: Mapping[str, str],
    typed: Mapping[str, str],
    *,
    same: Callable[[str, str], bool] = _equal,
) -> Merged:
    """Merge field by field; only fields in `typed` are touched, an absent text is "".

    Typed as read: the stored one stays. Stored as read: the typed one is taken. Both changed alike:
    no matter. Both changed otherwise: a conflict. `same` says when two texts are no change.
    """
    values, changed, conflicts = dict(stored), set(), {}
    for name, new in typed.items():
        old, here = base.get(name, ""), stored.get(name, "")
        if same(new, here) or same(new, old):
            continue
        if same(here, old):
            values[name] = new
            changed.add(name)
        else:
            conflicts[name] = Conflict(old, here, new)
    return Merged(values, frozenset(changed), conflicts)
