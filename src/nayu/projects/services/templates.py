"""Templates: what projects of a kind of agency begin with. Data that a city writes and renames."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nayu.agencies.domain import BUDGET_HOLDER_KINDS, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken
from nayu.core.thai import normalise
from nayu.core.values import to_json
from nayu.db.pack import documents
from nayu.projects.domain import PROMPTED, ActivityValues, RiskValues
from nayu.projects.models import Template
from nayu.projects.services.entries import EntryInput, NameMissing

PACKAGE = "nayu.projects"
_PROMPT_LIMIT = 2_000


class TemplateGone(RuleBroken):
    """Retired, or of another kind of agency."""

    code = "template_gone"


class TemplateWithoutKind(RuleBroken):
    code = "template_without_kind"


@dataclass(frozen=True, slots=True)
class TemplateInput:
    """What a form gives; `prompts` are (Thai, English) by field of the entry."""

    name_th: str
    name_en: str
    kinds: tuple[str, ...]
    method_th: str
    prompts: dict[str, tuple[str, str]]
    activities: tuple[ActivityValues, ...]
    risks: tuple[RiskValues, ...]
    is_retired: bool = False


def load_pack() -> None:
    """The templates of the data pack, once; one that is already here is left as it is."""
    present = set(Template.objects.values_list("code", flat=True))
    for given in documents(PACKAGE, "templates"):
        if given["code"] not in present:
            Template.objects.create(**given)


def template_for(agency: Agency, code: str) -> Template:
    """The template of this code that the agency may begin from. Raises TemplateGone."""
    template = Template.objects.filter(code=code, is_retired=False).first()
    if template is None or agency.kind not in template.kinds:
        raise TemplateGone
    return template


def input_of(template: Template) -> EntryInput:
    """What an entry begins with; the justification and the promises are never written by it."""
    return EntryInput(
        texts={"method": template.method_th},
        activities=tuple(
            ActivityValues(number, name, first, last, weight)
            for number, (name, first, last, weight) in enumerate(template.activities, start=1)
        ),
        risks=tuple(
            RiskValues(event, likelihood, impact, response, number)
            for number, (event, likelihood, impact, response) in enumerate(template.risks, start=1)
        ),
    )


@transaction.atomic
def save_template(
    template_id: int | None,
    given: TemplateInput,
    *,
    revision: int,
    actor: Person,
    at: datetime,
) -> Template:
    """Write a template, or a new one. Raises NotPermitted, NameMissing, TemplateWithoutKind,
    TemplateStale."""
    if not may(actor, "template.keep"):
        raise NotPermitted(act="template.keep", state="-")
    name = normalise(given.name_th)[:300]
    if not name:
        raise NameMissing
    if not given.kinds or set(given.kinds) - set(BUDGET_HOLDER_KINDS):
        raise TemplateWithoutKind
    template = _locked(template_id)
    if template.pk and template.revision != revision:
        raise TemplateStale
    before = _told(template) if template.pk else {}
    template.name_th = name
    template.name_en = normalise(given.name_en)[:300]
    template.kinds = [kind for kind in BUDGET_HOLDER_KINDS if kind in given.kinds]
    template.method_th = normalise(given.method_th, keep_lines=True)
    template.prompts = {
        field: [normalise(text, keep_lines=True)[:_PROMPT_LIMIT] for text in given.prompts[field]]
        for field in PROMPTED
        if any(normalise(text) for text in given.prompts.get(field, ()))
    }
    template.activities = [
        [normalise(a.name_th)[:500], a.first_month, a.last_month, a.weight_percent]
        for a in given.activities
    ]
    template.risks = [
        [normalise(r.event_th), r.likelihood, r.impact, normalise(r.response_th)]
        for r in given.risks
    ]
    template.is_retired = given.is_retired
    template.revision = template.revision + 1 if template.pk else 1
    template.save()
    if not template.code:
        template.code = f"T-{template.pk:04d}"
        template.save(update_fields=["code"])
    after = _told(template)
    changed = {
        key: [before.get(key), value] for key, value in after.items() if before.get(key) != value
    }
    if changed:
        record(
            "template.keep",
            subject=("template", str(template.pk), template.name_th[:200]),
            actor=actor,
            at=at,
            holding=actor.holding_for("strategist", None),
            facts={"changed": changed},
        )
    return template


class TemplateStale(RuleBroken):
    """Somebody saved the template since the form was drawn."""

    code = "stale"


def _locked(template_id: int | None) -> Template:
    if template_id is None:
        return Template()
    template = Template.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise NotVisible
    return template


def _told(template: Template) -> dict[str, object]:
    told: dict[str, object] = to_json(
        {
            name: getattr(template, name)
            for name in (
                "name_th", "name_en", "kinds", "method_th", "prompts", "activities", "risks",
                "is_retired",
            )
        }
    )  # fmt: skip
    return told
