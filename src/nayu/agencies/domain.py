"""Roles, kinds of agency, and a person as the rules see one."""

from dataclasses import dataclass

AGENCY_KINDS = (
    "office", "department", "district", "commercial", "university",
    "historical", "central", "imported",
)  # fmt: skip
BUDGET_HOLDER_KINDS = ("office", "department", "district", "commercial", "university", "imported")
CENTRAL_FUND_CODE = "00000000"

PLANNER, HEAD = "planner", "head"
STRATEGIST, BUDGETER = "strategist", "budgeter"
EXECUTIVE, AUDITOR, PARTNER, ADMIN = "executive", "auditor", "partner", "admin"
STRANGER = "stranger"
ROLES = (PLANNER, HEAD, STRATEGIST, BUDGETER, EXECUTIVE, AUDITOR, PARTNER, ADMIN)
AGENCY_ROLES = (PLANNER, HEAD)


@dataclass(frozen=True, slots=True)
class Holding:
    """A post held today."""

    post_code: str
    role: str
    agency_code: str | None
    title_th: str
    title_en: str
    is_acting: bool = False
    order_number: str = ""

    @property
    def title(self) -> str:
        return self.title_th


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever acts or reads. Without a user id it is a stranger; it then holds no post."""

    user_id: int | None = None
    name: str = ""
    holdings: tuple[Holding, ...] = ()

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(holding.role for holding in self.holdings) or frozenset({STRANGER})

    @property
    def post_title(self) -> str:
        """The first post's title, for the top bar."""
        return self.holdings[0].title if self.holdings else ""

    @property
    def agency_codes(self) -> frozenset[str]:
        """Agencies this person plans for or heads."""
        return frozenset(
            holding.agency_code
            for holding in self.holdings
            if holding.role in AGENCY_ROLES and holding.agency_code
        )

    def holding_for(self, role: str, agency_code: str | None) -> Holding | None:
        """The post under which this person acts in a role, for an agency if the role has one."""
        for holding in self.holdings:
            if holding.role == role and (
                role not in AGENCY_ROLES or holding.agency_code == agency_code
            ):
                return holding
        return None


STRANGER_PERSON = Person()
