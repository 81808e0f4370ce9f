"""Building the sample city: Bangkok's real frame, invented projects, three fiscal years.

It writes in bulk what the services would write one by one; a test holds the two together.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from nayu.accounts.models import User
from nayu.agencies import services as agencies
from nayu.agencies.domain import CENTRAL_FUND_CODE, Person
from nayu.agencies.models import Agency, Appointment, District, Post
from nayu.agencies.queries import budget_holders, person_of
from nayu.allocation import services as allocation
from nayu.approvals.domain import PROJECT, REQUEST
from nayu.approvals.models import Decision
from nayu.audit.models import Event
from nayu.audit.services import seal_all
from nayu.budget import services as budget
from nayu.budget.models import (
    Ceiling,
    Commitment,
    CommitmentYear,
    Line,
    Request,
    RevenueEstimate,
    StageAmount,
)
from nayu.consultation import services as consultation
from nayu.core.thai import match_key
from nayu.db.pack import rows
from nayu.practice.domain import (
    CENTRAL_ITEMS,
    FISCAL_YEARS,
    PLANTED,
    REVENUE_MILLION,
    ROUTINE_ITEMS,
    TYPE_CODES,
    WANTED_ENTRIES,
    Place,
    PlannedProject,
    Text,
    draw,
    group_of,
    plan,
    proposed_baht,
    request_state_of,
    scaled_count,
    scaled_price,
    scaled_quantity,
    state_of,
    stated_levels,
)
from nayu.projects import services as projects
from nayu.projects.models import (
    Activity,
    DistrictShare,
    EntryIndicator,
    EntryLink,
    Project,
    ProjectEntry,
    Promise,
    Result,
    Risk,
)
from nayu.projects.services import partner
from nayu.publication import services as publication
from nayu.publication.models import DRAFT, OFFICIAL, PlanVersion
from nayu.strategy import services as strategy
from nayu.strategy.models import Element, Indicator, Target

BANGKOK = ZoneInfo("Asia/Bangkok")
SAMPLE_DAY = date(2025, 7, 15)
SPENT_YEAR = 2568
PASSWORD = "nayu-2568"  # noqa: S105 - printed for visitors of the sample city
# The sign-ins that `nayu demo` prints: (username, name, post).
PEOPLE = (
    ("anong", "อนงค์ (ตัวอย่าง)", "planner-11000000"),
    ("boonmee", "บุญมี (ตัวอย่าง)", "head-11000000"),
    ("chai", "ชัย (ตัวอย่าง)", "planner-08000000"),
    ("duang", "ดวง (ตัวอย่าง)", "planner-50010000"),
    ("ekachai", "เอกชัย (ตัวอย่าง)", "head-50010000"),
    ("fah", "ฟ้า (ตัวอย่าง)", "strategist"),
    ("lamai", "ละมัย (ตัวอย่าง)", "plan-secretary"),
    ("ganda", "กานดา (ตัวอย่าง)", "budgeter"),
    ("hathai", "หทัย (ตัวอย่าง)", "executive"),
    ("itsara", "อิสระ (ตัวอย่าง)", "auditor"),
    ("jira", "จิรา (ตัวอย่าง)", "partner"),
    ("kwan", "ขวัญ (ตัวอย่าง)", "admin"),
)
FIRST_DAY_OF_POSTS = date(2022, 10, 1)
Say = Callable[[str], None]


def texts() -> list[Text]:
    """The written project texts, in a fixed order."""
    folder = files("nayu.practice").joinpath("data", "projects")
    found: list[Text] = []
    for name in sorted(item.name for item in folder.iterdir() if item.name.endswith(".json")):
        found += json.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    return sorted(found, key=lambda text: str(text["key"]))


def load_frame() -> None:
    """What any city starts with: agencies, frameworks, classes; no projects, no people."""
    agencies.load_pack()
    strategy.load_pack()
    budget.load_pack()
    projects.load_pack()
    publication.load_pack()


def _at(year_ce: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year_ce, month, day, hour, tzinfo=BANGKOK)


@transaction.atomic
def build(*, entries: int = WANTED_ENTRIES, say: Say = lambda text: None) -> None:
    """The whole sample city, in one transaction: complete or absent."""
    say("framework, agencies, indicators")
    load_frame()
    say("people and posts")
    cast = _people()
    places = [
        Place(d.plan_code, d.name_th, d.name_en, d.population)
        for d in District.objects.order_by("plan_code")
    ]
    planned = plan(texts(), places, entries)
    say(f"{len(planned)} projects")
    books = _Books(cast)
    books.write_projects(planned)
    for year in FISCAL_YEARS:
        say(f"fiscal year {year}: entries, promises, lines")
        books.write_year(year, planned)
        say(f"fiscal year {year}: budget, stages, publication")
        _finish_year(year, cast, books)
    say("opinions on the draft plan")
    consultation.write_sample(
        PlanVersion.objects.get(fiscal_year_be=2570),
        _at(2025, 7, 1, 9),
        opinions=json.loads(
            files("nayu.practice").joinpath("data", "opinions.json").read_text(encoding="utf-8")
        ),
        project_codes={str(p.text["key"]): p.code for p in planned if p.is_original},
    )
    _plant_faults()
    say("fiscal year 2569: scenarios of the allocation, with their answers")
    allocation.write_sample(2569, actor=cast.people["budgeter"], at=_at(2025, 7, 14, 10))
    say("the record is sealed")
    seal_all(at=_at(2025, 7, 14, 18))


@dataclass
class Cast:
    """Who did what in the sample's past."""

    people: dict[str, Person]
    users: dict[str, int]  # post code → user id
    titles: dict[str, tuple[str, str]]


def _people() -> Cast:
    """One user for each post; the printed ones have names."""
    hashed = make_password(PASSWORD)
    named = {post: (username, name) for username, name, post in PEOPLE}
    posts = list(Post.objects.order_by("code"))
    users = User.objects.bulk_create(
        User(
            username=named.get(post.code, (post.code, ""))[0],
            display_name=named.get(post.code, ("", post.title_th))[1],
            # Only the people that visitors know have an address, in a domain that reaches nobody.
            email=f"{named[post.code][0]}@nayu.example" if post.code in named else "",
            password=hashed,
        )
        for post in posts
    )
    Appointment.objects.bulk_create(
        Appointment(post=post, user=user, first_day=FIRST_DAY_OF_POSTS)
        for post, user in zip(posts, users, strict=True)
    )
    by_post = {post.code: user for post, user in zip(posts, users, strict=True)}
    city = ("strategist", "budgeter", "executive")
    return Cast(
        {code: person_of(by_post[code], SAMPLE_DAY) for code in city},
        {code: user.pk for code, user in by_post.items()},
        {post.code: (post.title_th, post.title_en) for post in posts},
    )


PATHS = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "endorsed": ("submit", "endorse"),
    "reviewed": ("submit", "endorse", "review"),
    "in_plan": ("submit", "endorse", "review", "include"),
}
REACHES = {
    "submit": "submitted", "return": "returned", "endorse": "endorsed", "review": "reviewed",
    "include": "in_plan", "propose": "proposed", "decide": "decided", "enact": "ordinance",
}  # fmt: skip
RETURN_REASONS = (
    "ช่อง “กี่คน” สูงกว่าประชากรในพื้นที่ที่ทำจริง ขอวิธีนับ หรือแก้ตัวเลข",
    "ราคาต่อหน่วยของรายการแรกยังไม่มีใบเสนอราคา แนบหลักฐานหรืออ้างบัญชีราคามาตรฐาน",
    "คำมั่นเขียนเป็นกิจกรรมที่จะทำ ขอให้บอกว่าชีวิตประชาชนเปลี่ยนอย่างไร",
    "น้ำหนักกิจกรรมไปอยู่เดือนสุดท้ายเกือบทั้งหมด ขอแผนที่ตรวจได้ทุกไตรมาส",
)


@dataclass
class _Books:
    """Rows collected for bulk writing, year by year."""

    cast: Cast
    projects: dict[str, Project] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    works: dict[str, str] = field(default_factory=dict)
    latest: dict[str, ProjectEntry] = field(default_factory=dict)  # by the project's code

    def write_projects(self, planned: list[PlannedProject]) -> None:
        for row in rows("nayu.budget", "routine_shares"):
            self.works.setdefault(row["plan_code"], row["function_code"])
        for made in Project.objects.bulk_create(
            [
                Project(
                    code=p.code,
                    name_th=p.name_th,
                    name_en=p.name_en,
                    agency_id=p.agency_code,
                    first_fy=min(p.years()),
                    last_fy=max(int(p.text["last_fy"]), *p.years()),
                    family=str(p.text["key"]) if p.text.get("spread") else "",
                    source="ข้อมูลตัวอย่างของน่าอยู่",
                    match_key=match_key(p.name_th)[:500],
                )
                for p in planned
            ],
            batch_size=500,
        ):
            self.projects[made.code] = made
        self._write_commitments([p for p in planned if p.is_original and p.text.get("commitment")])
        self._write_own_indicators(planned)

    def _write_commitments(self, planned: list[PlannedProject]) -> None:
        for p in planned:
            given = p.text["commitment"]
            commitment = Commitment.objects.create(
                agency_id=p.agency_code,
                project=self.projects[p.code],
                category_id=given["category"],
                item=given["item_th"],
            )
            CommitmentYear.objects.bulk_create(
                CommitmentYear(
                    commitment=commitment, fiscal_year_be=int(year), amount=Decimal(amount)
                )
                for year, amount in sorted(given["years"].items())
            )
            self.commitments[p.code] = commitment

    def _write_own_indicators(self, planned: list[PlannedProject]) -> None:
        own = [p for p in planned if p.text.get("own_indicator")]
        made = Indicator.objects.bulk_create([self._own_indicator(p) for p in own], batch_size=500)
        Target.objects.bulk_create(
            [
                Target(
                    indicator=indicator,
                    fiscal_year_be=year,
                    value=Decimal(str(p.text["own_indicator"]["target"])),
                    mark="ours",
                )
                for p, indicator in zip(own, made, strict=True)
                for year in p.years()
            ],
            batch_size=1000,
        )

    def _own_indicator(self, p: PlannedProject) -> Indicator:
        given = p.text["own_indicator"]
        baseline = given.get("baseline")
        return Indicator(
            code=f"PR-{p.code}",
            name_th=given["name_th"],
            name_en=given.get("name_en", ""),
            unit_th=given["unit_th"],
            result_level=given.get("level", "outcome"),
            direction=given.get("direction", "up"),
            formula_th=given.get("formula_th", ""),
            data_source_th=given.get("source_th", ""),
            owner_id=p.agency_code,
            baseline=None if baseline is None else Decimal(str(baseline)),
            baseline_fy=min(p.years()) - 2,
            source="ข้อมูลตัวอย่างของน่าอยู่",
            mark="ours",
        )

    def write_year(self, year: int, planned: list[PlannedProject]) -> None:
        now = [p for p in planned if year in p.years()]
        entries = ProjectEntry.objects.bulk_create(
            [self._entry(p, year) for p in now], batch_size=500
        )
        pairs = list(zip(now, entries, strict=True))
        self.latest |= {p.code: entry for p, entry in pairs}
        self._write_parts(pairs)
        if year == SPENT_YEAR:
            self._write_results(pairs)
        self._write_links(pairs)
        self._write_lines(pairs, year)
        self._write_history(pairs, year)

    def _entry(self, p: PlannedProject, year: int) -> ProjectEntry:
        text, state = p.text, state_of(p, year)
        last = max([a["end"] for a in text["activities"]])
        return ProjectEntry(
            project=self.projects[p.code],
            agency_id=p.agency_code,
            fiscal_year_be=year,
            state=state,
            state_since=_step_time(p, year, len(PATHS[state]) - 1),
            name_th=p.name_th,
            name_en=p.name_en,
            rationale=text["rationale"],
            objectives="\n".join(text["objectives"]),
            target_quantity=text["target_quantity"],
            target_quality=text["target_quality"],
            method=text["method"],
            place_text=text["place_text"]
            if p.is_original
            else f"พื้นที่เขต{p.place.name_th if p.place else ''}",
            first_month=min(a["start"] for a in text["activities"]),
            last_month=last,
            origin=text["origin"],
            novelty="new" if year == min(p.years()) and text["novelty"] == "new" else "continuing",
            author_id=self.cast.users[f"planner-{p.agency_code}"],
            author_post_code=f"planner-{p.agency_code}",
            continues=self.latest.get(p.code),
        )

    def _write_results(self, pairs: list[tuple[PlannedProject, ProjectEntry]]) -> None:
        """Of the year being spent, every third project has said what came of its first promise."""
        results = []
        for number, (p, entry) in enumerate(pairs):
            if number % 3 or entry.state != "in_plan":
                continue
            promised = _promise(p, entry, 1, p.text["promises"][0]).number
            results.append(
                Result(
                    entry=entry,
                    order=1,
                    number=(promised * (55 + number % 50) / 100).quantize(Decimal(1)),
                    as_of=date(2025, 6, 30),
                    evidence_th="รายงานผลไตรมาสที่ 3 ของหน่วยงาน (ข้อมูลตัวอย่าง)",
                    by_id=self.cast.users[f"planner-{p.agency_code}"],
                    post_title_th="นักวิเคราะห์นโยบายและแผน",
                    post_title_en="Policy and plan analyst",
                    at=_at(2025, 7, 10),
                )
            )
        Result.objects.bulk_create(results, batch_size=500)

    def _write_parts(self, pairs: list[tuple[PlannedProject, ProjectEntry]]) -> None:
        promises, activities, risks = [], [], []
        for p, entry in pairs:
            for order, given in enumerate(p.text["promises"], start=1):
                promises.append(_promise(p, entry, order, given))
            for order, given in enumerate(p.text["activities"], start=1):
                activities.append(
                    Activity(
                        entry=entry,
                        order=order,
                        name_th=given["name_th"],
                        first_month=given["start"],
                        last_month=given["end"],
                        weight_percent=given["weight"],
                    )
                )
            for order, given in enumerate(p.text["risks"], start=1):
                risks.append(
                    Risk(
                        entry=entry,
                        order=order,
                        event_th=given["event_th"],
                        likelihood=given["likelihood"],
                        impact=given["impact"],
                        response_th=given["response_th"],
                    )
                )
        Promise.objects.bulk_create(promises, batch_size=500)
        Activity.objects.bulk_create(activities, batch_size=1000)
        Risk.objects.bulk_create(risks, batch_size=1000)

    def _write_links(self, pairs: list[tuple[PlannedProject, ProjectEntry]]) -> None:
        elements = {
            (e.framework.code, e.number): e
            for e in Element.objects.select_related("framework").filter(
                framework__code__in=["nine", "plan20"]
            )
        }
        indicators: dict[int, int] = {}
        for indicator in Indicator.objects.exclude(element=None).order_by("-code"):
            indicators[indicator.element_id or 0] = indicator.pk
        own = dict(Indicator.objects.filter(code__startswith="PR-").values_list("code", "pk"))
        districts = dict(District.objects.values_list("plan_code", "pk"))
        links: list[EntryLink] = []
        shown: list[EntryIndicator] = []
        shares: list[DistrictShare] = []
        supports: list[Any] = []
        partners: list[Any] = []
        agency_codes = set(Agency.objects.values_list("code", flat=True))
        bodies: dict[str, int] = {}
        for p, entry in pairs:
            goal = elements["nine", p.text["goal"]]
            sub = elements["plan20", p.text["sub_strategy"]]
            for element in (goal, sub):
                links.append(
                    EntryLink(entry=entry, framework_id=element.framework_id, element=element)
                )
            for pk in (indicators.get(goal.pk), own.get(f"PR-{p.code}")):
                if pk:
                    shown.append(EntryIndicator(entry=entry, indicator_id=pk))
            for code in _districts_of(p):
                shares.append(DistrictShare(entry=entry, district_id=districts[code], weight=1))
            for code in dict.fromkeys(p.text.get("supporting_agencies", [])):
                if code in agency_codes and code != p.agency_code:
                    supports.append(
                        ProjectEntry.supporting_agencies.through(
                            projectentry_id=entry.pk, agency_id=code
                        )
                    )
            for name in dict.fromkeys(p.text.get("partners", [])):
                if name not in bodies:
                    bodies[name] = partner(name).pk
            partners += [
                ProjectEntry.partners.through(projectentry_id=entry.pk, partnerbody_id=pk)
                for pk in dict.fromkeys(bodies[name] for name in p.text.get("partners", []))
            ]
        collected: tuple[tuple[type[Model], list[Any]], ...] = (
            (EntryLink, links),
            (EntryIndicator, shown),
            (DistrictShare, shares),
            (ProjectEntry.supporting_agencies.through, supports),
            (ProjectEntry.partners.through, partners),
        )
        for model, made in collected:
            model._default_manager.bulk_create(made, batch_size=1000)

    def _write_lines(self, pairs: list[tuple[PlannedProject, ProjectEntry]], year: int) -> None:
        lines: list[Line] = []
        for p, entry in pairs:
            lines += self._lines(p, entry, year)
        _write_lines(lines)

    def _lines(self, p: PlannedProject, entry: ProjectEntry, year: int) -> list[Line]:
        made = []
        commitment = self.commitments.get(p.code)
        due = p.text["commitment"]["years"].get(str(year)) if commitment else None
        for order, given in enumerate(p.text["lines"], start=1):
            if due and given["category"] == p.text["commitment"]["category"]:
                continue  # the commitment's amount of the year stands for it
            key = f"{p.key} {year} {order}"
            made.append(
                Line(
                    kind=PROJECT,
                    agency_id=p.agency_code,
                    entry=entry,
                    fiscal_year_be=year,
                    order=order,
                    item=given["item_th"],
                    quantity=scaled_quantity(given["quantity"], p.percent, original=p.is_original),
                    unit=given["unit_th"],
                    unit_price=scaled_price(given["unit_price"], key, original=p.is_original),
                    category_id=given["category"],
                    work_id=self.works.get(p.agency_code),
                    source_id="subsidy" if given["category"] == "4.1" else "bma",
                    price_reference=given.get("price_ref", "other"),
                    price_evidence=given.get("price_evidence_th", ""),
                    first_month=given.get("start", 1),
                    last_month=given.get("end", 12),
                    novelty="new" if entry.novelty == "new" else "continuing",
                    priority=order,
                    if_not_funded=given.get("if_not_funded_th", ""),
                )
            )
        if due:
            made.append(
                Line(
                    kind=PROJECT,
                    agency_id=p.agency_code,
                    entry=entry,
                    fiscal_year_be=year,
                    order=len(p.text["lines"]) + 1,
                    item=p.text["commitment"]["item_th"],
                    quantity=Decimal(1),
                    unit="งาน",
                    unit_price=Decimal(due),
                    category_id=p.text["commitment"]["category"],
                    work_id=self.works.get(p.agency_code),
                    source_id="bma",
                    price_reference="design",
                    price_evidence="ราคากลางตามแบบรูปรายการและสัญญาผูกพัน",
                    novelty="continuing",
                    priority=1,
                    if_not_funded="งานก่อสร้างหยุด และผิดสัญญาที่ผูกพันไว้",
                    commitment=commitment,
                )
            )
        return made

    def _write_history(self, pairs: list[tuple[PlannedProject, ProjectEntry]], year: int) -> None:
        decisions, events = [], []
        for p, entry in pairs:
            label = f"{p.code} {p.name_th}"[:400]
            author = f"planner-{p.agency_code}"
            events.append(
                self._event(
                    "project.create", PROJECT, entry, author, _step_time(p, year, -1), label
                )
            )
            before = "draft"
            for turn, step in enumerate(PATHS[entry.state]):
                post = self._post_of(step, p)
                at = _step_time(p, year, turn)
                reason = RETURN_REASONS[draw(p.key, 4)] if step == "return" else ""
                decisions.append(
                    self._decision(PROJECT, entry.pk, step, before, post, at, reason, year)
                )
                before = REACHES[step]
                events.append(
                    self._event(f"project.{step}", PROJECT, entry, post, at, label, reason)
                )
        Decision.objects.bulk_create(decisions, batch_size=1000)
        Event.objects.bulk_create(events, batch_size=1000)

    def _post_of(self, step: str, p: PlannedProject) -> str:
        if step == "submit":
            return f"planner-{p.agency_code}"
        if step in ("endorse", "return"):
            return f"head-{p.agency_code}"
        return "plan-secretary" if step == "include" else "strategist"

    def _decision(
        self, procedure: str, pk: int, step: str, before: str, post: str, at: datetime,
        reason: str, year: int,
    ) -> Decision:  # fmt: skip
        needs_meeting = step in ("include", "enact")
        return Decision(
            procedure=procedure,
            subject_id=pk,
            step=step,
            from_state=before,
            to_state=REACHES[step],
            actor_id=self.cast.users[post],
            post_code=post,
            post_title_th=self.cast.titles[post][0],
            post_title_en=self.cast.titles[post][1],
            at=at,
            reason=reason,
            meeting_number=f"{1 + at.day % 3}/{at.year + 543}" if needs_meeting else "",
            meeting_date=at.date() if needs_meeting else None,
        )

    def _event(
        self, verb: str, kind: str, entry: ProjectEntry, post: str, at: datetime, label: str,
        reason: str = "",
    ) -> Event:  # fmt: skip
        return Event(
            at=at,
            actor_id=self.cast.users[post],
            post_code=post,
            post_title_th=self.cast.titles[post][0],
            post_title_en=self.cast.titles[post][1],
            verb=verb,
            subject_kind=kind,
            subject_id=str(entry.pk),
            subject_label=label,
            agency_code=entry.agency_id,
            fiscal_year_be=entry.fiscal_year_be,
            reason=reason,
        )

    def write_request(
        self, request: Request, steps: Iterable[str], times: Iterable[datetime]
    ) -> None:
        before = "open"
        decisions = []
        for step, at in zip(steps, times, strict=False):
            post = {
                "submit": f"head-{request.agency_id}",
                "propose": "budgeter",
                "decide": "executive",
                "enact": "budgeter",
            }[step]
            decisions.append(
                self._decision(
                    REQUEST, request.pk, step, before, post, at, "", request.fiscal_year_be
                )
            )
            before = REACHES[step]
        Decision.objects.bulk_create(decisions)


def _promise(p: PlannedProject, entry: ProjectEntry, order: int, given: Text) -> Promise:
    number = Decimal(str(given["number"]))
    number = number if p.is_original else scaled_count(number, p.percent)
    return Promise(
        entry=entry,
        order=order,
        who_th=given["who_th"],
        who_en=given.get("who_en", ""),
        number=number,
        group=group_of(given["who_th"]),
        levels=[[percent, str(how_many)] for percent, how_many in stated_levels(p.key, number)],
        unit_th=given["unit_th"],
        unit_en=given.get("unit_en", ""),
        change_th=given["change_th"],
        change_en=given.get("change_en", ""),
        from_month=given["from_month"],
        lasts_th=given.get("lasts_th", ""),
        evidence_th=given["evidence_th"],
        evidence_en=given.get("evidence_en", ""),
        share_percent=given.get("share"),
    )


def _districts_of(p: PlannedProject) -> list[str]:
    if p.place:
        return [p.place.code]
    return list(dict.fromkeys(p.text.get("districts", [])))


def _step_time(p: PlannedProject, year: int, turn: int) -> datetime:
    """Steps of a year's plan fall between its writing season and the sample's day."""
    start = {2568: _at(2023, 9, 4), 2569: _at(2024, 9, 9), 2570: _at(2025, 5, 6)}[year]
    gap = 12 if year == 2570 else 24
    return start + timedelta(days=gap * (turn + 1) + draw(p.key, gap - 2), hours=draw(p.code, 7))


def _write_lines(lines: list[Line]) -> None:
    """Lines and their amounts at `requested`, which is quantity × unit price."""
    Line.objects.bulk_create(lines, batch_size=500)
    StageAmount.objects.bulk_create(
        [
            StageAmount(line=line, stage_id="requested", amount=line.quantity * line.unit_price)
            for line in lines
        ],
        batch_size=1000,
    )


# --- The rest of a year: routine work, central fund, requests, stages, versions ---------------


def _finish_year(year: int, cast: Cast, books: _Books) -> None:
    strategist = cast.people["strategist"]
    if year == 2570:
        publication.publish(
            year, kind=DRAFT, actor=strategist, at=_at(2025, 7, 1, 9),
            note="ร่างแผนสำหรับรับฟังความคิดเห็น วงเงินเป็นประมาณการก่อนเปิดคำขอ",
        )  # fmt: skip
        _write_ceilings(year, like=2569)
        return
    published = {2568: _at(2024, 1, 12, 9), 2569: _at(2025, 1, 31, 9)}[year]
    publication.publish(
        year, kind=OFFICIAL, actor=strategist, at=published,
        note="แผนประกาศใช้ วงเงินเป็นประมาณการก่อนเปิดคำขอ",
    )  # fmt: skip
    _write_routine(year)
    _write_requests(year, books)
    _write_ceilings(year)
    RevenueEstimate.objects.bulk_create(
        RevenueEstimate(fiscal_year_be=year, source_id=source, amount=Decimal(million) * 1_000_000)
        for source, million in REVENUE_MILLION[year].items()
    )
    _write_central(year)
    _write_stages(year)
    note = {
        2568: "วงเงินตามข้อบัญญัติงบประมาณรายจ่าย",
        2569: "วงเงินตามคำขอตั้งงบประมาณที่หน่วยงานส่งแล้ว",
    }[year]
    publication.publish(
        year, kind=OFFICIAL, actor=strategist, note=note,
        at={2568: _at(2024, 10, 1, 9), 2569: _at(2025, 7, 1, 10)}[year],
    )  # fmt: skip


def _project_sums(year: int) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for agency, kind, quantity, price in Line.objects.filter(
        fiscal_year_be=year, entry__state="in_plan"
    ).values_list("agency_id", "category__type_id", "quantity", "unit_price"):
        sums[agency, kind] += quantity * price
    return sums


def _write_routine(year: int) -> None:
    projects = _project_sums(year)
    works: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows("nayu.budget", "routine_shares"):
        works[row["plan_code"]].append((row["function_code"], int(row["share_ppm"])))
    valid = set(budget_holders(year).values_list("code", flat=True))
    lines: list[Line] = []
    for row in rows("nayu.budget", "agency_sizes"):
        if row["plan_code"] in valid:
            lines += _routine_lines(row, year, projects, works[row["plan_code"]])
    _write_lines(lines)


def _routine_lines(
    row: dict[str, str],
    year: int,
    projects: dict[tuple[str, str], Decimal],
    works: list[tuple[str, int]],
) -> list[Line]:
    agency = row["plan_code"]
    made: list[Line] = []
    growth = 100 + (year - 2568) * 2
    size = Decimal(row["total_million_baht_fy2568"]) * 1_000_000 * growth / 100
    for kind, items in ROUTINE_ITEMS.items():
        whole = size * Decimal(row[kind]) / 100
        routine = max(whole - projects[agency, TYPE_CODES[kind]], whole * 2 / 5)
        for work, share in works:
            for item, category, unit, number, percent in items:
                price = int(routine * share * percent / (Decimal(10**8) * number)) // 10 * 10
                if price < 100:
                    continue
                made.append(
                    Line(
                        kind="routine",
                        agency_id=agency,
                        fiscal_year_be=year,
                        order=len(made) + 1,
                        item=item,
                        quantity=Decimal(number),
                        unit=unit,
                        unit_price=Decimal(price),
                        category_id=category,
                        work_id=work,
                        source_id="bma",
                        price_reference="payroll" if kind == "personnel" else "past_purchase",
                        price_evidence="บัญชีถือจ่ายและอัตรากำลัง"
                        if kind == "personnel"
                        else "ราคาตามสัญญาปีก่อน",
                        novelty="replacement" if kind == "investment" else "continuing",
                        if_not_funded="งานประจำตามอำนาจหน้าที่หยุดชะงัก",
                    )
                )
    return made


def _write_requests(year: int, books: _Books) -> None:
    steps = ("submit", "propose", "decide", "enact")
    order = ("open", "submitted", "proposed", "decided", "ordinance")
    times = {
        2568: (_at(2024, 2, 20), _at(2024, 4, 25), _at(2024, 5, 28), _at(2024, 9, 11)),
        2569: (_at(2025, 2, 24), _at(2025, 5, 2), _at(2025, 6, 20), _at(2025, 9, 12)),
    }[year]
    codes = [*budget_holders(year).values_list("code", flat=True), CENTRAL_FUND_CODE]
    for code in codes:
        state = request_state_of(code, year)
        reached = order.index(state)
        request = Request.objects.create(
            agency_id=code,
            fiscal_year_be=year,
            state=state,
            state_since=times[reached - 1] if reached else _at(2025, 1, 6),
        )
        if code != CENTRAL_FUND_CODE:
            books.write_request(request, steps[:reached], times)


def _write_ceilings(year: int, like: int | None = None) -> None:
    """Ceilings a little above what was asked; one agency is over its investment ceiling."""
    if like is not None:
        Ceiling.objects.bulk_create(
            Ceiling(agency_id=c.agency_id, fiscal_year_be=year, type_id=c.type_id, amount=c.amount)
            for c in Ceiling.objects.filter(fiscal_year_be=like)
        )
        return
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lines = Line.objects.filter(fiscal_year_be=year).exclude(kind="central")
    for agency, kind, state, quantity, price in lines.values_list(
        "agency_id", "category__type_id", "entry__state", "quantity", "unit_price"
    ):
        if state in (None, "in_plan"):
            sums[agency, kind] += quantity * price
    ceilings = []
    for (agency, kind), asked in sorted(sums.items()):
        tight = agency == "50210000" and kind == "3" and year == 2569
        room = asked * (95 if tight else 103) / 100
        ceilings.append(
            Ceiling(
                agency_id=agency,
                fiscal_year_be=year,
                type_id=kind,
                amount=Decimal((int(room) // 100_000 + 1) * 100_000),
            )
        )
    Ceiling.objects.bulk_create(ceilings)


def _write_central(year: int) -> None:
    """The central fund; its first line brings the year's budget to the revenue estimate."""
    revenue = Decimal(sum(REVENUE_MILLION[year].values())) * 1_000_000
    others = Decimal(0)
    for pk, requested in (
        StageAmount.objects.filter(line__fiscal_year_be=year, stage_id="requested")
        .exclude(line__entry__state__in=["draft", "returned", "submitted", "endorsed", "reviewed"])
        .values_list("line_id", "amount")
    ):
        others += proposed_baht(requested, str(pk))
    fixed = Decimal(sum(million for _i, _w, million in CENTRAL_ITEMS)) * 1_000_000
    reserve = revenue - others - fixed
    if reserve <= 0:
        raise ValueError(f"the sample year {year} is over its revenue by {-reserve} baht")
    _write_lines(
        [
            Line(
                kind="central",
                agency_id=CENTRAL_FUND_CODE,
                fiscal_year_be=year,
                order=order,
                item=item,
                quantity=Decimal(1),
                unit="ปี",
                unit_price=Decimal(million) * 1_000_000 if million else reserve,
                category_id="6.1",
                work_id=work,
                source_id="bma",
                price_reference="other",
                price_evidence="ตั้งตามกฎหมายและสถิติย้อนหลัง",
                novelty="continuing",
                if_not_funded="ไม่มีเงินจ่ายตามสิทธิและเหตุฉุกเฉิน",
            )
            for order, (item, work, million) in enumerate(CENTRAL_ITEMS, start=1)
        ]
    )


def _write_stages(year: int) -> None:
    """Amounts at each stage that an agency's request has passed."""
    states = dict(Request.objects.filter(fiscal_year_be=year).values_list("agency_id", "state"))
    reached = {"proposed": 1, "decided": 2, "ordinance": 3}
    amounts = []
    for pk, agency, kind, entry_state, requested in StageAmount.objects.filter(
        line__fiscal_year_be=year, stage_id="requested"
    ).values_list("line_id", "line__agency_id", "line__kind", "line__entry__state", "amount"):
        if entry_state not in (None, "in_plan"):
            continue
        proposed = requested if kind == "central" else proposed_baht(requested, str(pk))
        for stage in ("proposed", "decided", "ordinance")[: reached.get(states[agency], 0)]:
            amounts.append(StageAmount(line_id=pk, stage_id=stage, amount=proposed))
    StageAmount.objects.bulk_create(amounts, batch_size=1000)


def _plant_faults() -> None:
    """Faults for `nayu check` to find, in drafts of FY2570 only; `PLANTED` names them."""
    drafts = list(
        ProjectEntry.objects.filter(fiscal_year_be=2570, state="draft").order_by("project__code")
    )
    wanted = iter(
        [
            d
            for d in drafts
            if d.district_shares.exists() and d.promises.filter(unit_th="คน").exists()
        ]
    )
    for code in PLANTED:
        entry = next(wanted)
        _plant(code, entry)


def _plant(code: str, entry: ProjectEntry) -> None:
    line = entry.lines.order_by("order")[0]
    match code:
        case "weights_not_100":
            last = entry.activities.order_by("-order")[0]
            last.weight_percent -= 1
            last.save(update_fields=["weight_percent"])
        case "no_evidence":
            entry.promises.update(evidence_th="", indicator=None)
        case "more_people_than_residents":
            entry.promises.filter(unit_th="คน").update(number=Decimal(9_000_000))
        case "target_worse_than_baseline":
            own = Indicator.objects.get(code=f"PR-{entry.project.code}")
            own.baseline, own.direction = Decimal(900_000), "up"
            own.save(update_fields=["baseline", "direction"])
        case "price_outside_band":
            line.unit_price *= 10
            line.save(update_fields=["unit_price"])
            StageAmount.objects.filter(line=line).update(amount=line.quantity * line.unit_price)
        case "no_price_reference":
            Line.objects.filter(pk=line.pk).update(price_reference="", price_evidence="")
        case "no_consequence":
            Line.objects.filter(pk=line.pk).update(if_not_funded="")
        case "same_name":
            other = (
                ProjectEntry.objects.filter(agency_id=entry.agency_id, fiscal_year_be=2570)
                .exclude(pk=entry.pk)
                .order_by("project__code")[0]
            )
            ProjectEntry.objects.filter(pk=entry.pk).update(name_th=other.name_th)


def is_built() -> bool:
    return Project.objects.exists()
