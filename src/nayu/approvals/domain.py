"""Procedures and rights: two tables that fit on a screen, in plain Python.

A procedure says which step leads from which state to which; a right says which role may do
which act in which states, for its own agency or for any. Pages, exports, search, documents
and commands all ask `may`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nayu.agencies.domain import (
    ADMIN,
    AUDITOR,
    BUDGETER,
    EXECUTIVE,
    HEAD,
    PARTNER,
    PLANNER,
    STRANGER,
    STRATEGIST,
    Person,
)
from nayu.core.errors import RuleBroken

PROJECT, REQUEST, CHANGE, SCENARIO = "project", "request", "change", "scenario"
REJECTED = "rejected"
CLOSED_PROJECT = ("in_plan", REJECTED)  # no step leads further


class StepNotAllowed(RuleBroken):
    """No such step from this state (perhaps somebody was faster)."""

    code = "step_not_allowed"


class ReasonMissing(RuleBroken):
    """A return needs a reason its author can work from."""

    code = "reason_missing"


class CommentMissing(RuleBroken):
    """A comment or an answer says something."""

    code = "comment_missing"


class NotAReviewer(RuleBroken):
    """The person cannot review this for the desk, or was not asked to."""

    code = "not_a_reviewer"


class WindowClosed(RuleBroken):
    """The step's window is not open on this day, and no exception covers it."""

    code = "window_closed"


class WindowWrong(RuleBroken):
    """A window closes before it opens, or an exception lacks what it must tell."""

    code = "window_wrong"


class AppointmentWrong(RuleBroken):
    """An order to act for a post lacks something, or its days are in disorder."""

    code = "appointment_wrong"


class AppointmentOverlaps(RuleBroken):
    """Somebody else acts for the post on some of these days, or the person holds it already."""

    code = "appointment_overlaps"


class MeetingMissing(RuleBroken):
    """A committee's decision carries its meeting number and date."""

    code = "meeting_missing"


class NotOneself(RuleBroken):
    """Nobody takes their own name out of the record."""

    code = "not_oneself"


class OwnWork(RuleBroken):
    """An author never endorses their own."""

    code = "own_work"


class EndorsedBelow(RuleBroken):
    """Whoever took a step below does not approve above in the same round."""

    code = "endorsed_below"


class ChangedSince(RuleBroken):
    """What is decided on changed after it was shown to whoever decides."""

    code = "changed_since"


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of a procedure."""

    code: str
    from_state: str
    to_state: str
    needs_reason: bool = False
    needs_meeting: bool = False
    not_by_author: bool = False
    not_by_earlier: bool = False  # nobody who took a step since the last submission


@dataclass(frozen=True, slots=True)
class Procedure:
    """A short chain of states; `waits_for` names the role at whose desk each state lies."""

    code: str
    states: tuple[str, ...]
    steps: tuple[Step, ...]
    waits_for: Mapping[str, str]

    def step(self, code: str, state: str) -> Step:
        for step in self.steps:
            if step.code == code and step.from_state == state:
                return step
        raise StepNotAllowed(step=code, state=state, procedure=self.code)


PROCEDURES: Mapping[str, Procedure] = MappingProxyType(
    {
        PROJECT: Procedure(
            PROJECT,
            ("draft", "returned", "submitted", "endorsed", "reviewed", "in_plan", REJECTED),
            (
                Step("submit", "draft", "submitted"),
                Step("submit", "returned", "submitted"),
                Step("endorse", "submitted", "endorsed", not_by_author=True),
                Step("review", "endorsed", "reviewed", not_by_author=True, not_by_earlier=True),
                Step(
                    "include",
                    "reviewed",
                    "in_plan",
                    needs_meeting=True,
                    not_by_author=True,
                    not_by_earlier=True,
                ),
                Step("return", "submitted", "returned", needs_reason=True),
                Step("return", "endorsed", "returned", needs_reason=True),
                Step("return", "reviewed", "returned", needs_reason=True),
                Step("reject", "endorsed", REJECTED, needs_reason=True, not_by_author=True),
                # What has passed the review is the committee's to refuse, so its meeting is told.
                Step(
                    "reject",
                    "reviewed",
                    REJECTED,
                    needs_reason=True,
                    needs_meeting=True,
                    not_by_author=True,
                ),
            ),
            MappingProxyType(
                {
                    "draft": PLANNER,
                    "returned": PLANNER,
                    "submitted": HEAD,
                    "endorsed": STRATEGIST,
                    "reviewed": STRATEGIST,
                }
            ),
        ),
        REQUEST: Procedure(
            REQUEST,
            ("open", "submitted", "proposed", "decided", "ordinance"),
            (
                Step("submit", "open", "submitted"),
                Step("return", "submitted", "open", needs_reason=True),
                Step("propose", "submitted", "proposed", not_by_earlier=True),
                Step("decide", "proposed", "decided", not_by_earlier=True),
                Step("enact", "decided", "ordinance", needs_meeting=True),
            ),
            MappingProxyType(
                {
                    "open": HEAD,
                    "submitted": BUDGETER,
                    "proposed": EXECUTIVE,
                    "decided": BUDGETER,
                }
            ),
        ),
        # A change of what is published: only by request, decided by a body.
        CHANGE: Procedure(
            CHANGE,
            ("draft", "submitted", "approved", "refused", "applied"),
            (
                Step("submit", "draft", "submitted", not_by_author=True),
                Step("return", "submitted", "draft", needs_reason=True),
                Step("approve", "submitted", "approved", needs_meeting=True),
                Step("refuse", "submitted", "refused", needs_reason=True, needs_meeting=True),
                Step("apply", "approved", "applied"),
            ),
            MappingProxyType({"draft": HEAD, "submitted": STRATEGIST, "approved": STRATEGIST}),
        ),
        # A way to divide the year's money: adopted, it is undone only by a new decision.
        SCENARIO: Procedure(
            SCENARIO,
            ("draft", "proposed", "adopted"),
            (
                Step("propose", "draft", "proposed"),
                Step("return", "proposed", "draft", needs_reason=True),
                Step("adopt", "proposed", "adopted", needs_reason=True, not_by_earlier=True),
                Step("undo", "adopted", "draft", needs_reason=True),
            ),
            MappingProxyType({"draft": BUDGETER, "proposed": EXECUTIVE}),
        ),
    }
)

OWN, ANY = "own", "any"
# The steps that a window may bound, by procedure, and the role that sets it and may be asked.
WINDOW_STEPS: Mapping[str, str] = MappingProxyType({PROJECT: "submit", REQUEST: "submit"})
WINDOW_ROLES: Mapping[str, str] = MappingProxyType({PROJECT: STRATEGIST, REQUEST: BUDGETER})
UNWRITTEN = ("draft", "returned")
SEEN_BY_DESKS = ("submitted", "endorsed", "reviewed", "in_plan", REJECTED)
ALL_PROJECT = PROCEDURES[PROJECT].states
ALL_REQUEST = PROCEDURES[REQUEST].states
ALL_CHANGE = PROCEDURES[CHANGE].states
ALL_SCENARIO = PROCEDURES[SCENARIO].states
SENT_SCENARIO = tuple(state for state in ALL_SCENARIO if state != "draft")
SENT_CHANGE = tuple(state for state in ALL_CHANGE if state != "draft")
NONE = ("-",)  # acts on things without a state


@dataclass(frozen=True, slots=True)
class Right:
    """`role` may do `act` while the thing is in one of `states`, in `scope`."""

    act: str
    role: str
    states: tuple[str, ...]
    scope: str


RIGHTS: tuple[Right, ...] = (
    # Projects in the plan of a fiscal year.
    Right("project.view", PLANNER, ALL_PROJECT, OWN),
    Right("project.view", HEAD, ALL_PROJECT, OWN),
    Right("project.view", STRATEGIST, SEEN_BY_DESKS, ANY),
    Right("project.view", BUDGETER, SEEN_BY_DESKS, ANY),
    Right("project.view", EXECUTIVE, SEEN_BY_DESKS, ANY),
    Right("project.view", AUDITOR, SEEN_BY_DESKS, ANY),
    Right("project.create", PLANNER, NONE, OWN),
    Right("project.edit", PLANNER, UNWRITTEN, OWN),
    Right("project.answer", PLANNER, ALL_PROJECT, OWN),  # asked to work together
    Right("project.family", PLANNER, ALL_PROJECT, OWN),  # one text shared by several
    Right("project.family", STRATEGIST, SEEN_BY_DESKS, ANY),
    Right("project.report", PLANNER, ("in_plan",), OWN),  # what came of its promises
    Right("project.submit", PLANNER, UNWRITTEN, OWN),
    Right("project.endorse", HEAD, ("submitted",), OWN),
    Right("project.return", HEAD, ("submitted",), OWN),
    Right("project.review", STRATEGIST, ("endorsed",), ANY),
    Right("project.return", STRATEGIST, ("endorsed", "reviewed"), ANY),
    Right("project.include", STRATEGIST, ("reviewed",), ANY),
    Right("project.reject", STRATEGIST, ("endorsed", "reviewed"), ANY),
    # Comments are read by whoever reads the entry, and written by its author's and the review side.
    Right("project.comment", PLANNER, ALL_PROJECT, OWN),
    Right("project.comment", HEAD, ALL_PROJECT, OWN),
    Right("project.comment", STRATEGIST, SEEN_BY_DESKS, ANY),
    Right("project.comment", BUDGETER, SEEN_BY_DESKS, ANY),
    # Reviewers: asked by a desk; a note also needs that its writer was asked.
    Right("project.assign", HEAD, ("submitted",), OWN),
    Right("project.assign", STRATEGIST, ("endorsed", "reviewed"), ANY),
    Right("project.note", PLANNER, ("submitted",), OWN),
    Right("project.note", HEAD, ("submitted",), OWN),
    Right("project.note", STRATEGIST, ("endorsed", "reviewed"), ANY),
    # An agency's budget request for a fiscal year.
    Right("request.view", PLANNER, ALL_REQUEST, OWN),
    Right("request.view", HEAD, ALL_REQUEST, OWN),
    Right("request.view", BUDGETER, ("submitted", "proposed", "decided", "ordinance"), ANY),
    Right("request.view", EXECUTIVE, ("proposed", "decided", "ordinance"), ANY),
    Right("request.view", AUDITOR, ("submitted", "proposed", "decided", "ordinance"), ANY),
    Right("request.view", STRATEGIST, ("submitted", "proposed", "decided", "ordinance"), ANY),
    Right("request.edit", PLANNER, ("open",), OWN),
    Right("request.submit", HEAD, ("open",), OWN),
    Right("request.return", BUDGETER, ("submitted",), ANY),
    Right("request.propose", BUDGETER, ("submitted",), ANY),
    Right("request.decide", EXECUTIVE, ("proposed",), ANY),
    Right("request.enact", BUDGETER, ("decided",), ANY),
    Right("ceiling.set", BUDGETER, NONE, ANY),
    Right("ceiling.view", PLANNER, NONE, OWN),
    Right("ceiling.view", HEAD, NONE, OWN),
    Right("ceiling.view", BUDGETER, NONE, ANY),
    Right("ceiling.view", EXECUTIVE, NONE, ANY),
    Right("ceiling.view", AUDITOR, NONE, ANY),
    Right("project_window.set", STRATEGIST, NONE, ANY),
    Right("request_window.set", BUDGETER, NONE, ANY),
    Right("appointment.set", ADMIN, NONE, ANY),
    # The plan as published, consultation, files in, documents out.
    Right("template.keep", STRATEGIST, NONE, ANY),  # what projects begin with
    Right("plan.publish", STRATEGIST, NONE, ANY),
    # A change of a published project.
    Right("change.view", PLANNER, ALL_CHANGE, OWN),
    Right("change.view", HEAD, ALL_CHANGE, OWN),
    Right("change.view", STRATEGIST, SENT_CHANGE, ANY),
    Right("change.view", BUDGETER, SENT_CHANGE, ANY),
    Right("change.view", EXECUTIVE, SENT_CHANGE, ANY),
    Right("change.view", AUDITOR, SENT_CHANGE, ANY),
    Right("change.begin", PLANNER, NONE, OWN),
    Right("change.edit", PLANNER, ("draft",), OWN),
    Right("change.submit", HEAD, ("draft",), OWN),
    Right("change.return", STRATEGIST, ("submitted",), ANY),
    Right("change.approve", STRATEGIST, ("submitted",), ANY),
    Right("change.refuse", STRATEGIST, ("submitted",), ANY),
    Right("change.apply", STRATEGIST, ("approved",), ANY),
    # How the year's money is divided among its projects.
    Right("scenario.view", BUDGETER, ALL_SCENARIO, ANY),
    Right("scenario.view", STRATEGIST, ALL_SCENARIO, ANY),
    Right("scenario.view", EXECUTIVE, SENT_SCENARIO, ANY),
    Right("scenario.view", AUDITOR, SENT_SCENARIO, ANY),
    Right("scenario.make", BUDGETER, NONE, ANY),
    Right("scenario.edit", BUDGETER, ("draft",), ANY),
    Right("scenario.run", BUDGETER, ALL_SCENARIO, ANY),  # asks anew what a rule or a project costs
    Right("scenario.run", STRATEGIST, ALL_SCENARIO, ANY),
    Right("scenario.run", EXECUTIVE, SENT_SCENARIO, ANY),
    Right("scenario.adjust", BUDGETER, ("draft",), ANY),
    Right("scenario.adjust", EXECUTIVE, ("proposed",), ANY),
    Right("scenario.comment", BUDGETER, ALL_SCENARIO, ANY),
    Right("scenario.comment", STRATEGIST, ALL_SCENARIO, ANY),
    Right("scenario.comment", EXECUTIVE, SENT_SCENARIO, ANY),
    Right("scenario.propose", BUDGETER, ("draft",), ANY),
    Right("scenario.return", EXECUTIVE, ("proposed",), ANY),
    Right("scenario.adopt", EXECUTIVE, ("proposed",), ANY),
    Right("scenario.undo", EXECUTIVE, ("adopted",), ANY),
    Right("scenario.outcome", PLANNER, NONE, OWN),  # what came of one's own agency's requests
    Right("scenario.outcome", HEAD, NONE, OWN),
    Right("rubric.give", BUDGETER, NONE, ANY),
    Right("rubric.give", STRATEGIST, NONE, ANY),
    Right("working.view", STRATEGIST, NONE, ANY),
    Right("working.view", BUDGETER, NONE, ANY),
    Right("working.view", EXECUTIVE, NONE, ANY),
    Right("working.view", AUDITOR, NONE, ANY),
    Right("consultation.open", STRATEGIST, NONE, ANY),
    Right("opinion.leave", STRANGER, NONE, ANY),
    Right("opinion.leave", PARTNER, NONE, ANY),
    Right("opinion.leave", PLANNER, NONE, ANY),
    Right("opinion.leave", HEAD, NONE, ANY),
    Right("opinion.moderate", STRATEGIST, NONE, ANY),
    Right("opinion.answer", STRATEGIST, NONE, ANY),
    Right("opinion.answer", PLANNER, NONE, OWN),
    Right("lines.import", BUDGETER, NONE, ANY),
    Right("lines.import", ADMIN, NONE, ANY),
    Right("lines.import", PLANNER, NONE, OWN),
    # The record of deeds, and a person who is to be forgotten in it.
    Right("record.view", AUDITOR, NONE, ANY),
    Right("person.forget", ADMIN, NONE, ANY),
    # The outbox.
    Right("mail.resend", ADMIN, NONE, ANY),
)
ACTS = tuple(dict.fromkeys(right.act for right in RIGHTS))


def right_of(
    person: Person, act: str, *, state: str = "-", agency_code: str | None = None
) -> Right | None:
    """The first right that allows this act, or None."""
    for right in RIGHTS:
        if right.act != act or state not in right.states or right.role not in person.roles:
            continue
        if right.scope == ANY or (
            agency_code is not None and person.holding_for(right.role, agency_code)
        ):
            return right
    return None


def may(person: Person, act: str, *, state: str = "-", agency_code: str | None = None) -> bool:
    """Whether the person may do the act on a thing in `state` of `agency_code`."""
    return right_of(person, act, state=state, agency_code=agency_code) is not None


def states_seen(person: Person, act: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """(states seen of any agency, states seen of own agencies, own agency codes) for a view act.

    This is how a query filters without asking row by row.
    """
    of_any: set[str] = set()
    of_own: set[str] = set()
    for right in RIGHTS:
        if right.act == act and right.role in person.roles:
            (of_any if right.scope == ANY else of_own).update(right.states)
    return frozenset(of_any), frozenset(of_own), person.agency_codes
