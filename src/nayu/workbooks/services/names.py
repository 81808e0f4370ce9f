"""Names in a file to agencies, classes and projects of the city; what a file brings along is made."""

import hashlib
from collections import Counter
from functools import lru_cache

from nayu.agencies.models import Agency
from nayu.budget.domain import UNSPECIFIED_TYPE
from nayu.budget.models import ExpenditureCategory, ExpenditureType, FunctionNode
from nayu.core.thai import match_key
from nayu.projects.models import Project, ProjectEntry
from nayu.workbooks.domain import WARNING, Finding, ParsedLine, ParsedProject
from nayu.workbooks.services.outcome import Outcome

# A file names the same bodies, plans and projects in row after row.
key_of = lru_cache(maxsize=20_000)(match_key)
CENTRAL_NAME = key_of("งบกลาง")


NAME_LIMIT = 500  # characters of a plan's, an output's, a project's name that are kept


class Names:
    """Finds agencies and classes by normalised name, and makes what a file brings along."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._shortened: set[str] = set()
        self.agencies = {
            a.match_key: a.pk for a in Agency.objects.exclude(kind="historical").order_by("-code")
        } | dict(Agency.objects.filter(kind="imported").values_list("match_key", "code"))
        self.types = {match_key(t.name_th): t.pk for t in ExpenditureType.objects.all()}
        self.categories = {
            (c.type_id, match_key(c.name_th)): c.pk for c in ExpenditureCategory.objects.all()
        }
        self.works = set(FunctionNode.objects.values_list("code", flat=True))
        self.projects = {
            (p.agency_id, p.match_key): p
            for p in Project.objects.filter(source__startswith="import")
        }
        self._owned = Counter(owner for owner, _key in self.projects)
        self.entries = {
            (e.project_id, e.fiscal_year_be): e.pk
            for e in ProjectEntry.objects.filter(project__source__startswith="import")
        }

    def tell_what_is_shortened(self, part: ParsedLine) -> None:
        """A name longer than its column keeps its beginning, and says so, once each."""
        names = {
            part.plan_name,
            part.output_name,
            part.project_name,
            " › ".join(part.category_path),
        }
        for name in sorted(name for name in names if len(name) > NAME_LIMIT):
            if name not in self._shortened:
                self._shortened.add(name)
                self._outcome.findings.append(
                    Finding(
                        "name_shortened",
                        self._outcome.reading.file,
                        part.sheet,
                        part.row,
                        value=f"{name[:60]}…",
                        facts={"length": len(name), "limit": NAME_LIMIT},
                        severity=WARNING,
                    )
                )

    def agency(self, part: ParsedLine | ParsedProject, parent: str = "") -> str:
        """The agency's code; a body without one gets a provisional code and a finding."""
        key = key_of(part.body_name)[:300]
        if key not in self.agencies:
            number = Agency.objects.filter(kind="imported").count() + 1
            code = f"P-{number:04d}"
            Agency.objects.create(
                code=code,
                name_th=part.body_name,
                kind="imported",
                match_key=key,
                is_provisional=True,
                parent_name_th=parent,
                mark="ours",
                source=self._outcome.reading.file,
                note_th="รหัสชั่วคราวจากการนำเข้า",
                note_en="provisional code from an import",
            )
            self.agencies[key] = code
            self._outcome.findings.append(
                Finding(
                    "body_without_code",
                    self._outcome.reading.file,
                    part.sheet,
                    part.row,
                    value=part.body_name,
                    facts={"provisional": code, "code": code},
                    severity=WARNING,
                )
            )
        return self.agencies[key]

    def category(self, path: tuple[str, ...]) -> str:
        """The หมวด of a path งบ → หมวด → …; what is not named stands as "not given"."""
        kind = self.types.get(key_of(path[0])) if path else None
        if kind is None:
            kind = UNSPECIFIED_TYPE
        rest = (
            path[1]
            if len(path) > 1 and kind != UNSPECIFIED_TYPE
            else (path[0] if path and kind == UNSPECIFIED_TYPE else "")
        )
        name = rest or "ไม่ระบุหมวด"
        key = (kind, key_of(name))
        if key not in self.categories:
            code = f"{kind}-{_short(name)}"
            ExpenditureCategory.objects.create(
                code=code,
                type_id=kind,
                name_th=name[:300],
                mark="official",
                source=self._outcome.reading.file,
            )
            self.categories[key] = code
        return self.categories[key]

    def work(self, plan_name: str, output_name: str) -> str | None:
        """แผนงาน and, below it, the output or project; neither has a ด้าน in the file."""
        if not plan_name:
            return None
        plan = f"X-{_short(plan_name)}"
        self._node(plan, None, 2, plan_name)
        if not output_name:
            return plan
        code = f"{plan}-{_short(output_name)}"
        self._node(code, plan, 3, output_name)
        return code

    def _node(self, code: str, parent: str | None, depth: int, name: str) -> None:
        if code not in self.works:
            FunctionNode.objects.create(
                code=code,
                parent_id=parent,
                depth=depth,
                name_th=name[:500],
                mark="official",
                source=self._outcome.reading.file,
            )
            self.works.add(code)

    def entry(
        self, agency: str, name: str, year: int, profile: str, *, code: str = "", **texts: str
    ) -> int:
        """The entry of an imported project in a year, made if it is new; it has no promise yet."""
        key = (agency, key_of(name)[:500])
        if key not in self.projects:
            self.projects[key] = Project.objects.create(
                code=code or self._free_code(agency),
                name_th=name[:500],
                agency_id=agency,
                first_fy=year,
                last_fy=year,
                source=f"import:{profile}",
                match_key=key[1],
            )
            self._owned[agency] += 1
        project = self.projects[key]
        if not project.first_fy <= year <= project.last_fy:
            project.first_fy, project.last_fy = (
                min(project.first_fy, year),
                max(project.last_fy, year),
            )
            project.save(update_fields=["first_fy", "last_fy"])
        if (project.pk, year) not in self.entries:
            made = ProjectEntry.objects.create(
                project=project,
                agency_id=agency,
                fiscal_year_be=year,
                state="in_plan",
                name_th=name[:500],
                novelty="new" if year == project.first_fy else "continuing",
                **texts,
            )
            self.entries[project.pk, year] = made.pk
        return self.entries[project.pk, year]

    def _free_code(self, agency: str) -> str:
        running = self._owned[agency] + 1
        while Project.objects.filter(code=f"{agency}-{running:04d}").exists():
            running += 1
        return f"{agency}-{running:04d}"


def _short(name: str) -> str:
    return hashlib.sha256(key_of(name).encode()).hexdigest()[:12]
