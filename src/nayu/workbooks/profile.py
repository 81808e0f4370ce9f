"""Profiles: which column of a file is which field. One TOML file each, `profiles/<name>.toml`."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nayu.core.errors import RuleBroken
from nayu.workbooks.domain.parts import CELLS, ENTRY

Kind = Literal["lines", "projects"]
Unit = Literal["baht", "million baht"]

PROFILES = Path(__file__).resolve().parent / "profiles"
CATEGORY_FIELDS = tuple(f"category_{level}" for level in range(1, 7))
# Fields of our own template; they arrive in `ParsedLine.extra` under the same names.
CODED_FIELDS = (
    "revision", "project_code", "work_code", "category_code", "source_code", "price_reference",
    "price_evidence", "first_month", "last_month", "novelty", "priority", "if_not_funded",
)  # fmt: skip
LINE_FIELDS = frozenset(
    {
        "external_id", "ministry", "body_name", "body_code", "plan_name", "output_name",
        "project_name", "item", "fiscal_year", "amount", "quantity", "unit", "unit_price",
        "obliged", "source_document", "source_page", *CATEGORY_FIELDS, *CODED_FIELDS,
    }
)  # fmt: skip
PROJECT_FIELDS = frozenset(
    {
        "external_id", "name", "first_day", "last_day", "status", "purpose", "amount", "used",
        "body", "strategy_name", "link", "fiscal_year",
    }
)  # fmt: skip
EXTRA = "extra."
FORMATS = ("csv", "xlsx", "json")
ENCODINGS = ("utf-8", "utf-16", "cp874")
SCALES = {"baht": 1, "million baht": 1_000_000}


class ProfileUnknown(RuleBroken):
    """No profile has this name; `facts["known"]` lists those that exist."""

    code = "profile_unknown"


class ProfileNotUnderstood(RuleBroken):
    """The TOML file is not a profile; `facts["reason"]` says why."""

    code = "profile_not_understood"


@dataclass(frozen=True, slots=True)
class SubtotalRule:
    """A subtotal's label begins with one of ``labels``, in one of the fields ``label_in``.

    It leaves the fields ``blank`` empty; a label with those filled must also have the right sum.
    """

    labels: tuple[str, ...] = ("รวม", "ยอดรวม")
    label_in: tuple[str, ...] = ("item",)
    blank: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkCells:
    """Where our own template says whose it is: cell references such as "B2"."""

    value: str
    template: str
    agency_code: str
    agency_name: str
    fiscal_year: str


@dataclass(frozen=True, slots=True)
class PartSheet:
    """A sheet of one part of entries, beside that of the lines; ``columns`` maps headings to cells."""

    name: str
    part: str
    columns: dict[str, str]

    def heading_of(self, cell: str) -> str:
        return next((heading for heading, name in self.columns.items() if name == cell), "")


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of file is read.

    ``columns`` maps headings to fields. ``required`` are fields whose column must be there,
    ``filled`` fields that no row may leave blank; ``values`` maps a field's words to codes.
    """

    name: str
    kind: Kind
    columns: dict[str, str]
    title_th: str = ""
    title_en: str = ""
    formats: tuple[str, ...] = ("csv", "xlsx")
    encodings: tuple[str, ...] = ENCODINGS
    required: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    era: Literal["ce", "be"] = "be"
    stage: str = ""
    unit: Unit = "baht"
    sheet: str = ""
    whole_baht: bool = False
    amount_is_product: bool = False
    label_separator: str = ""
    subtotals: SubtotalRule = field(default_factory=SubtotalRule)
    mark: MarkCells | None = None
    sheets: tuple[PartSheet, ...] = ()
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def unit_baht(self) -> int:
        return SCALES[self.unit]

    def heading_of(self, field_name: str) -> str:
        """The (first) heading that stands for a field."""
        return next(heading for heading, name in self.columns.items() if name == field_name)


def profile_names() -> list[str]:
    """Names of the profiles that come with the program, in order."""
    return sorted(path.stem for path in PROFILES.glob("*.toml"))


def shipped_profiles() -> list[Profile]:
    """The profiles that come with the program, by name; pages offer these and no others."""
    return [_shipped(name) for name in profile_names()]


def load_profile(name: str) -> Profile:
    """A profile by its name, or by the path of a TOML file.

    Raises ProfileUnknown, ProfileNotUnderstood.
    """
    if name in profile_names():
        return _shipped(name)
    path = Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise ProfileUnknown(name=name, known=", ".join(profile_names()))
    return _loaded(path)


@cache
def _shipped(name: str) -> Profile:
    return _loaded(PROFILES / f"{name}.toml")


def _loaded(path: Path) -> Profile:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return profile_of(data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileNotUnderstood(name=path.name, reason=str(error)) from None


def profile_of(data: dict[str, Any]) -> Profile:
    """The profile that a parsed TOML file describes. Raises ProfileNotUnderstood."""
    name = str(data.get("name", ""))
    try:
        settings: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        if "subtotals" in data:
            rule = {key: tuple(value) for key, value in data["subtotals"].items()}
            settings["subtotals"] = SubtotalRule(**rule)
        if "mark" in data:
            settings["mark"] = MarkCells(**data["mark"])
        settings["sheets"] = tuple(PartSheet(**sheet) for sheet in data.get("sheets", ()))
        profile = Profile(**settings)
    except (TypeError, AttributeError) as error:
        raise ProfileNotUnderstood(name=name, reason=str(error)) from None
    if faults := _faults(profile):
        raise ProfileNotUnderstood(name=name, reason="; ".join(faults))
    return profile


def _faults(profile: Profile) -> list[str]:
    fields = LINE_FIELDS if profile.kind == "lines" else PROJECT_FIELDS
    mapped = set(profile.columns.values())
    faults = [
        f"columns: {name}"
        for name in profile.columns.values()
        if name not in fields and not name.startswith(EXTRA)
    ]
    for sheet in profile.sheets:
        known = {
            "project_code",
            "event" if sheet.part == ENTRY else "order",
            *CELLS.get(sheet.part, ()),
        }
        faults += [
            f"{sheet.name}: {name}" for name in known.symmetric_difference(sheet.columns.values())
        ]
    named = (*profile.required, *profile.filled, "amount")
    faults += [f"no column for: {name}" for name in dict.fromkeys(named) if name not in mapped]
    choices: tuple[tuple[str, object, object], ...] = (
        ("kind", profile.kind, ("lines", "projects")),
        ("unit", profile.unit, SCALES),
        ("era", profile.era, ("ce", "be")),
    )
    faults += [f"{key}: {value}" for key, value, known in choices if value not in known]  # type: ignore[operator]
    faults += [f"formats: {name}" for name in profile.formats if name not in FORMATS]
    faults += [f"encodings: {name}" for name in profile.encodings if name not in ENCODINGS]
    return faults
