"""The table role × act × state, cell by cell, against what the issue says in words."""

import pytest

from nayu.agencies.domain import Holding, Person
from nayu.approvals.domain import ACTS, PROCEDURES, RIGHTS, may

ROLES = ["planner", "head", "strategist", "budgeter", "executive", "auditor", "partner", "admin"]
STATES = sorted({s for p in PROCEDURES.values() for s in p.states} | {"-"})


def person(role: str, agency: str | None) -> Person:
    if role == "stranger":
        return Person()
    return Person(1, role, (Holding(f"{role}-1", role, agency, role, role),))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_a_right_is_what_the_table_says_and_nothing_else(role, act):
    for state in STATES:
        for agency in ("own", "other"):
            granted = [
                right
                for right in RIGHTS
                if right.act == act
                and right.role == role
                and state in right.states
                and (right.scope == "any" or agency == "own")
            ]
            assert may(person(role, "own"), act, state=state, agency_code=agency) is bool(granted)


def test_every_step_of_a_procedure_has_somebody_who_may_take_it():
    for procedure in PROCEDURES.values():
        for step in procedure.steps:
            assert any(
                right.act == f"{procedure.code}.{step.code}" and step.from_state in right.states
                for right in RIGHTS
            ), step


def test_whoever_may_take_a_step_may_also_see_the_thing():
    for right in RIGHTS:
        procedure = right.act.split(".")[0]
        if procedure in PROCEDURES and right.states != ("-",):
            for state in right.states:
                assert any(
                    view.act == f"{procedure}.view"
                    and view.role == right.role
                    and state in view.states
                    for view in RIGHTS
                ), (right, state)


def test_another_agencys_draft_is_invisible_to_everybody_else():
    for role in ROLES:
        for state in ("draft", "returned"):
            assert not may(person(role, "own"), "project.view", state=state, agency_code="other")
