"""Making scenarios and stating their rules. Each change is a new revision; runs keep the one they had."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import BUDGETER, Person
from nayu.agencies.models import Agency, District
from nayu.allocation.domain import scenario as s
from nayu.allocation.domain.scores import PARTS
from nayu.allocation.models import Rule, Run, Scenario
from nayu.approvals.domain import SCENARIO, may
from nayu.approvals.services import Subject
from nayu.audit.services import record
from nayu.budget.models import ExpenditureType, FundingSource
from nayu.core.errors import NotPermitted, NotVisible, Stale
from nayu.core.money import LARGEST_BAHT, text_of
from nayu.core.thai import normalise
from nayu.projects.models import Project
from nayu.strategy.models import Element

WHOLE = 10_000
MOST_RULES = 2_000


@dataclass(frozen=True, slots=True)
class RuleInput:
    """A rule as stated: `least` and `most` are hundredths of a percent, percents of a score, or counts."""

    kind: str
    subject: str = ""
    framework: str = ""
    amount: Decimal | None = None
    least: int | None = None
    most: int | None = None
    members: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioInput:
    """The name and purpose of a scenario, and the rules that stand once in it or for each part."""

    name_th: str
    reason: str
    name_en: str = ""
    rules: tuple[RuleInput, ...] = field(default_factory=tuple)


def subject_of(scenario: Scenario) -> Subject:
    return Subject(
        SCENARIO, scenario.pk, str(scenario), scenario.state, "", scenario.fiscal_year_be
    )


@transaction.atomic
def make(
    fiscal_year_be: int, stage: str, given: ScenarioInput, *, actor: Person, at: datetime
) -> Scenario:
    """A new scenario. Raises NotPermitted, ScenarioWrong."""
    if not may(actor, "scenario.make"):
        raise NotPermitted(act="scenario.make", state="-")
    if stage not in s.REQUEST_STATES:
        raise s.ScenarioWrong(reason="stage_unknown", value=stage)
    scenario = _created(fiscal_year_be, stage, given, None, actor, at)
    _write_settings(scenario, given, actor, at)
    _tell("scenario.make", scenario, actor, at)
    return scenario


@transaction.atomic
def make_from(
    other: Scenario,
    name_th: str,
    reason: str,
    *,
    changes: tuple[RuleInput, ...] = (),
    actor: Person,
    at: datetime,
) -> Scenario:
    """A copy with all rules, and `changes` on top: what is tried out begins from what stands."""
    if not may(actor, "scenario.view", state=other.state):
        raise NotVisible
    if not may(actor, "scenario.make"):
        raise NotPermitted(act="scenario.make", state="-")
    given = ScenarioInput(name_th, reason)
    scenario = _created(other.fiscal_year_be, other.stage, given, other, actor, at)
    Rule.objects.bulk_create(
        Rule(
            scenario=scenario, kind=r.kind, subject=r.subject, framework=r.framework,
            amount=r.amount, least=r.least, most=r.most, members=r.members, reason=r.reason,
            by_id=r.by_id, at=r.at,
        )
        for r in other.rules.order_by("pk")
    )  # fmt: skip
    for change in changes:
        _write(scenario, change, actor, at)
    _tell("scenario.make", scenario, actor, at, made_from=other.pk)
    return scenario


@transaction.atomic
def make_from_point(
    run: Run, picked: Mapping[str, Any], reference: str, *, actor: Person, at: datetime
) -> Scenario:
    """A point of a frontier as a scenario: at least so fair, at most so far from the reference."""
    scenario = run.scenario
    words = f"จุดบนเส้นสมดุลของคำตอบ {run.pk} ของฉากทัศน์ {scenario.number}"
    changes = [RuleInput(s.FAIR, least=int(picked["fair"]), reason=words)]
    if picked["changes"] is not None:
        changes.append(RuleInput(s.STAY, reference, most=int(picked["changes"]), reason=words))
    name = f"{scenario.name_th} (จุดบนเส้นสมดุล)"
    return make_from(scenario, name, words, changes=tuple(changes), actor=actor, at=at)


def _created(
    year: int, stage: str, given: ScenarioInput, other: Scenario | None, actor: Person, at: datetime
) -> Scenario:
    name, reason = normalise(given.name_th), normalise(given.reason, keep_lines=True)
    if not name or not reason:
        raise s.ScenarioWrong(reason="name_or_reason_missing", value="")
    holding = actor.holding_for(BUDGETER, None)
    assert holding is not None
    assert actor.user_id is not None
    newest = Scenario.objects.filter(fiscal_year_be=year).aggregate(n=Max("number"))["n"] or 0
    return Scenario.objects.create(
        fiscal_year_be=year, number=newest + 1, stage=stage, name_th=name[:200],
        name_en=normalise(given.name_en)[:200], reason=reason, state_since=at, made_from=other,
        owner_id=actor.user_id, post_title_th=holding.title_th, post_title_en=holding.title_en,
        created_at=at,
    )  # fmt: skip


@transaction.atomic
def settle(
    scenario_id: int, given: ScenarioInput, *, seen: int | None, actor: Person, at: datetime
) -> Scenario:
    """The name, the purpose and all rules of the form; rules for single subjects stay.

    Raises NotVisible, NotPermitted, Stale, ScenarioWrong; then nothing is written.
    """
    scenario = locked(scenario_id, "edit", actor)
    if seen is not None and seen != scenario.revision:
        raise Stale(seen=seen, revision=scenario.revision)
    name, reason = normalise(given.name_th), normalise(given.reason, keep_lines=True)
    if not name or not reason:
        raise s.ScenarioWrong(reason="name_or_reason_missing", value="")
    scenario.name_th, scenario.reason = name[:200], reason
    scenario.name_en = normalise(given.name_en)[:200]
    _write_settings(scenario, given, actor, at)
    _moved(scenario)
    _tell("scenario.edit", scenario, actor, at)
    return scenario


def _write_settings(scenario: Scenario, given: ScenarioInput, actor: Person, at: datetime) -> None:
    """What the form states, all of it: a rule that it no longer has is gone."""
    weights = [rule for rule in given.rules if rule.kind == s.WEIGHT]
    if weights and sum(rule.least or 0 for rule in weights) != s.WHOLE:
        found = sum(rule.least or 0 for rule in weights)
        raise s.ScenarioWrong(reason="weights_are_not_100", value=found)
    scenario.rules.filter(kind__in=FORM_KINDS).delete()
    for rule in given.rules:
        if rule.kind not in FORM_KINDS:
            raise s.ScenarioWrong(reason="kind_unknown", value=rule.kind)
        _write(scenario, rule, actor, at)


FORM_KINDS = (*s.SINGLE, s.WEIGHT, s.LATER)


def as_stated(scenario: Scenario, given: ScenarioInput) -> list[Rule]:
    """The rules as they would stand with what a form states; nothing is saved. Raises ScenarioWrong."""
    kept = list(
        scenario.rules.exclude(kind__in=FORM_KINDS).order_by("kind", "framework", "subject")
    )
    for rule in given.rules:
        _ensure_sound(scenario, rule)
        kept.append(
            Rule(
                scenario=scenario, kind=rule.kind, subject=rule.subject, framework=rule.framework,
                amount=rule.amount, least=rule.least, most=rule.most, members=list(rule.members),
            )
        )  # fmt: skip
    return kept


@transaction.atomic
def set_rule(scenario_id: int, rule: RuleInput, *, actor: Person, at: datetime) -> Rule:
    """State a rule for one subject, or state it anew. Raises as `settle`."""
    scenario = locked(scenario_id, "edit", actor)
    if rule.kind not in s.KINDS:
        raise s.ScenarioWrong(reason="kind_unknown", value=rule.kind)
    if not normalise(rule.reason):
        raise s.ScenarioWrong(reason="rule_reason_missing", value="")
    if scenario.rules.count() >= MOST_RULES:
        raise s.ScenarioWrong(reason="too_many_rules", value=MOST_RULES)
    written = _write(scenario, rule, actor, at)
    _moved(scenario)
    _tell("scenario.rule", scenario, actor, at, kind=rule.kind, of=rule.subject)
    return written


@transaction.atomic
def remove_rule(scenario_id: int, rule_id: int, *, actor: Person, at: datetime) -> None:
    """Take a rule out; one that is gone already stays gone."""
    scenario = locked(scenario_id, "edit", actor)
    rule = scenario.rules.filter(pk=rule_id).first()
    if rule is None:
        return
    rule.delete()
    _moved(scenario)
    _tell("scenario.unrule", scenario, actor, at, kind=rule.kind, of=rule.subject)


def locked(scenario_id: int, act: str, actor: Person) -> Scenario:
    """The scenario, held until the deed is done. Raises NotVisible, NotPermitted."""
    scenario = (
        Scenario.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .filter(pk=scenario_id)
        .first()
    )
    if scenario is None:
        raise NotVisible
    if not may(actor, f"scenario.{act}", state=scenario.state):
        raise NotPermitted(act=f"scenario.{act}", state=scenario.state)
    return scenario


def _moved(scenario: Scenario) -> None:
    scenario.revision += 1
    scenario.save()


def _write(scenario: Scenario, rule: RuleInput, actor: Person, at: datetime) -> Rule:
    _ensure_sound(scenario, rule)
    assert actor.user_id is not None
    written, _ = Rule.objects.update_or_create(
        scenario=scenario, kind=rule.kind, subject=rule.subject, framework=rule.framework,
        defaults={
            "amount": rule.amount, "least": rule.least, "most": rule.most,
            "members": list(rule.members), "by_id": actor.user_id, "at": at,
            "reason": normalise(rule.reason, keep_lines=True),
        },
    )  # fmt: skip
    return written


OF_MONEY = (s.TOTAL, s.FLOOR, s.LATER, s.AGENCY, s.TYPE, s.SOURCE)
COUNTED = (s.STAY, s.GROUP, s.NEED, s.AGENCIES, s.FAIR)  # not held to 100 %


def _ensure_sound(scenario: Scenario, rule: RuleInput) -> None:
    """Raises ScenarioWrong where a code is unknown, or a figure is missing or outside."""
    if rule.kind in OF_MONEY:
        if rule.amount is None:
            raise s.ScenarioWrong(reason="amount_missing", value=rule.subject)
        if not 0 <= rule.amount <= LARGEST_BAHT:
            raise s.ScenarioWrong(reason="amount_outside", value=text_of(rule.amount))
    most = s.MOST_CHANGES if rule.kind in COUNTED else WHOLE
    for figure in (rule.least, rule.most):
        if figure is not None and not 0 <= figure <= most:
            raise s.ScenarioWrong(reason="percent_outside", value=figure)
    if not _is_known(scenario, rule):
        told = f"{rule.framework}/{rule.subject}" if rule.framework else rule.subject
        raise s.ScenarioWrong(reason="code_unknown", value=told)
    if rule.kind == s.ELEMENT and (rule.least or 0) > (WHOLE if rule.most is None else rule.most):
        raise s.ScenarioWrong(reason="least_above_most", value=rule.subject)
    if rule.kind in s.OF_PROJECTS:
        _ensure_projects(rule)


def _is_known(scenario: Scenario, rule: RuleInput) -> bool:
    """Whether there is what the rule is of."""
    code = rule.subject
    match rule.kind:
        case s.AGENCY:
            return Agency.objects.filter(code=code).exists()
        case s.TYPE:
            return ExpenditureType.objects.filter(code=code).exists()
        case s.SOURCE:
            return FundingSource.objects.filter(code=code).exists()
        case s.NEED:
            return District.objects.filter(plan_code=code).exists()
        case s.ELEMENT:
            return Element.objects.filter(framework__code=rule.framework, number=code).exists()
        case s.LATER:
            return code in ("1", "2", "3")
        case s.WEIGHT:
            return code in PARTS
        case s.STAY if code != s.LAST_YEAR:
            others = Scenario.objects.filter(fiscal_year_be=scenario.fiscal_year_be)
            return code.isdecimal() and others.filter(number=int(code)).exists()
    return True


def _ensure_projects(rule: RuleInput) -> None:
    if rule.kind == s.PHASED and (s.phases_of(rule.members) is None or rule.least is None):
        raise s.ScenarioWrong(reason="phases_wrong", value=" ".join(rule.members))
    own = {rule.subject} if rule.kind == s.PHASED else {rule.subject, *rule.members}
    codes = {*rule.members} if rule.kind == s.GROUP else own
    found = set(Project.objects.filter(code__in=codes).values_list("code", flat=True))
    if missing := sorted(codes - found):
        raise s.ScenarioWrong(reason="project_unknown", value=", ".join(missing))
    if rule.kind == s.GROUP:
        if not rule.subject or len(set(rule.members)) < 2:
            raise s.ScenarioWrong(reason="group_too_small", value=rule.subject)
        if rule.least is None and rule.most is None:
            raise s.ScenarioWrong(reason="amount_missing", value=rule.subject)
    if rule.kind == s.NEEDS and (not rule.members or rule.subject in rule.members):
        raise s.ScenarioWrong(reason="needs_itself", value=rule.subject)


def _tell(verb: str, scenario: Scenario, actor: Person, at: datetime, **facts: Any) -> None:
    record(
        verb,
        subject=(SCENARIO, str(scenario.pk), str(scenario)),
        actor=actor,
        at=at,
        holding=actor.holding_for(BUDGETER, None),
        fiscal_year_be=scenario.fiscal_year_be,
        facts={"revision": scenario.revision, **facts},
    )
