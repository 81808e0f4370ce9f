"""History of an entry, versions side by side, and pages as at a past day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import NOON, line_input, promise
from nayu.approvals.models import Decision
from nayu.approvals.services import Meeting
from nayu.budget import services as budget
from nayu.budget.models import Line
from nayu.portal.queries.history import side_at, side_now, told, versions_of_entry
from nayu.portal.queries.versions import since_before
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput
from nayu.publication.models import ChangeRequest
from nayu.publication.services import (
    apply_now,
    begin_change,
    propose,
    publish,
    take_change_step,
)

pytestmark = pytest.mark.django_db
AT = "/2570/projects/{}/history/"
DAY = timedelta(days=1)
MEETING = Meeting("5/2568", date(2025, 7, 14))


def write(entry, given, actor, at):
    revision = ProjectEntry.objects.get(pk=entry.pk).revision
    return projects.save_entry(entry.pk, given, revision=revision, actor=actor, at=at)


def text(entry, name, value, actor, at):
    return write(entry, EntryInput(texts={name: value}), actor, at)


@pytest.fixture
def written(make, cast):
    """A draft with a minor correction, a material change, and a changed line, a day each."""
    entry = make.entry("draft")
    text(entry, "rationale", "คลองตื้น เขิน", cast.anong, NOON + DAY)
    write(entry, EntryInput(promises=(promise(number=Decimal(900)),)), cast.anong, NOON + 2 * DAY)
    line = Line.objects.get(entry=entry)
    budget.change_line(
        line.pk, line_input(unit_price=Decimal(2_000_000)), revision=1, actor=cast.anong,
        at=NOON + 3 * DAY,
    )  # fmt: skip
    return ProjectEntry.objects.get(pk=entry.pk)


@pytest.fixture
def anong(users):
    client = Client()
    client.force_login(users.anong)
    return client


def test_a_sitting_is_one_version_and_each_is_weighed(written, cast):
    text(written, "method", "จ", cast.anong, NOON + 4 * DAY)
    text(written, "method", "จ้าง", cast.anong, NOON + 4 * DAY + timedelta(minutes=10))
    text(written, "method", "จ้างเหมา", cast.anong, NOON + 5 * DAY)

    found = told(written.pk, versions_of_entry(written.pk))

    assert [row.version.number for row in found] == list(range(1, len(found) + 1))
    weights = [(row.version.verb, row.weighed.weight if row.weighed else "") for row in found]
    assert weights == [
        ("project.create", ""), ("project.edit", "material"), ("line.add", "material"),
        ("project.edit", "minor"), ("project.edit", "material"), ("line.change", "material"),
        ("project.edit", "material"), ("project.edit", "material"),
    ]  # fmt: skip
    assert found[-2].changed == {"method": ["จ้างเหมา", "จ้าง"]}


def test_an_entry_at_any_version_is_what_it_was(make, cast):
    entry = make.entry("draft")
    was = {}
    for n in range(5):
        at = NOON + (n + 1) * DAY
        if n % 2:
            line = Line.objects.get(entry=entry)
            budget.change_line(
                line.pk,
                line_input(item=f"งาน {n}"),
                revision=line.revision,
                actor=cast.anong,
                at=at,
            )
        else:
            write(entry, EntryInput(promises=(promise(number=Decimal(n + 5)),)), cast.anong, at)
        was[len(versions_of_entry(entry.pk))] = side_now(ProjectEntry.objects.get(pk=entry.pk))
    make.move(entry.pk, "submitted")
    entry = ProjectEntry.objects.select_related("project").get(pk=entry.pk)
    versions = {one.number: one for one in versions_of_entry(entry.pk)}

    for number, side in was.items():
        found = side_at(entry, versions[number])
        assert found.sheet == side.sheet
        assert [(one.item, one.amount) for one in found.lines] == [
            (one.item, one.amount) for one in side.lines
        ]


def test_the_page_marks_words_and_says_them_to_a_screen_reader(anong, written):
    page = anong.get(AT.format(written.project.code)).content.decode()

    assert '<del><span class="sr">ตัด: </span>1,200' in page or "<del>" in page
    assert "<ins>" in page
    assert "แก้ไขเล็กน้อย" in page
    assert "มีสาระสำคัญ" in page


def test_versions_are_filtered_by_weight_and_paged(anong, written, cast):
    for n in range(25):
        text(written, "method", f"วิธีที่ {n}", cast.anong, NOON + (4 + n) * DAY)
    at = AT.format(written.project.code)

    assert len(anong.get(at).context["deeds"]) == 20
    assert len(anong.get(at, {"start": 20}).context["deeds"]) == 11
    minor = anong.get(at, {"weight": "minor"}).context["deeds"]
    assert [row["weight"] for row in minor] == ["minor"]


def test_history_takes_as_many_queries_for_three_versions_as_for_thirty(
    anong, written, cast, django_assert_num_queries
):
    at = AT.format(written.project.code)
    anong.get(at)
    counted = Counter()
    with counted:
        anong.get(at)
    for n in range(30):
        text(written, "method", f"วิธีที่ {n}", cast.anong, NOON + (4 + n) * DAY)
    with django_assert_num_queries(counted.count):
        anong.get(at)


class Counter:
    """How many queries something took."""

    def __enter__(self):
        from django.db import connection  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        self._context = CaptureQueriesContext(connection)
        return self._context.__enter__()

    def __exit__(self, *told):
        self._context.__exit__(*told)
        self.count = len(self._context)


def test_any_two_versions_are_compared(anong, written):
    at = AT.format(written.project.code) + "comparison/"

    page = anong.get(at, {"from": 3, "to": 6})

    assert page.status_code == 200
    fields = [one.field for one in page.context["changes"]]
    assert any("ราคาต่อหน่วย" in field for field in fields)
    assert page.context["weight"] == "material"
    assert anong.get(at, {"from": 2, "to": 99}).status_code == 404
    same = anong.get(at, {"from": 2, "to": 2})
    assert "ทั้งสองฝ่ายตรงกัน" in same.content.decode()


# --- Published against working -------------------------------------------------------------------


@pytest.fixture
def published(make, cast):
    """A published project, and two that came since: one in the plan, one not."""
    entry = make.entry("in_plan")
    make.entry("in_plan", name="คลองที่ไม่เปลี่ยน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    return entry


def change_price(entry, cast, price, at):
    line = Line.objects.get(entry=entry)
    budget.change_line(
        line.pk, line_input(unit_price=Decimal(price)), revision=line.revision, actor=cast.anong,
        at=at,
    )  # fmt: skip


def test_only_what_differs_from_the_published_version_is_listed(anong, published, make, cast):
    page = anong.get("/2570/differences/")
    assert page.context["rows"] == []
    change_price(published, cast, 2_000_000, NOON + DAY)
    make.entry("in_plan", name="มาใหม่")
    make.entry("draft", name="ยังเป็นร่าง")

    page = anong.get("/2570/differences/")

    kinds = [(one.kind, one.code) for one, _parts, _more in page.context["rows"]]
    assert kinds == [("changed", "11000000-0001"), ("new", "11000000-0003")]
    assert page.context["rows"][0][2] == Decimal("1500000.00")
    side = anong.get(AT.format(published.project.code) + "comparison/")
    assert side.context["changes"][0].field.endswith("ราคาต่อหน่วย")


def approved(entry, cast, at, **changes):
    made = begin_change(entry.pk, actor=cast.anong, at=at)
    made = propose(
        made.pk, EntryInput(promises=(promise(**changes),)), why="สำรวจใหม่พบคนมากกว่าเดิม",
        revision=made.revision, actor=cast.anong, at=at,
    )  # fmt: skip
    for step, actor in (("submit", cast.boonmee), ("approve", cast.fah)):
        made = take_change_step(
            made.pk, step, revision=ChangeRequest.objects.get(pk=made.pk).revision, actor=actor,
            at=at, body_code="subcommittee", meeting=MEETING, reason="ตามมติ",
        )  # fmt: skip
    return made


def test_the_public_reads_what_changed_why_by_whom_and_when_and_no_persons_name(
    client, published, users, cast
):
    at = f"/2570/projects/{published.project.code}/"
    made = approved(published, cast, NOON + DAY, number=Decimal(2400))
    assert "สำรวจใหม่" not in client.get(at).content.decode()
    apply_now(made.pk, revision=made.revision, actor=cast.fah, at=NOON + 2 * DAY)

    for address in (at, f"{at}history/", "/2570/versions/2/"):
        page = client.get(address).content.decode()
        for said in (
            "สำรวจใหม่พบคนมากกว่าเดิม",
            "คณะอนุกรรมการกำหนดยุทธศาสตร์",
            "5/2568",
            "14 ก.ค. 2568",
        ):
            assert said in page, (address, said)
        for name in ("Anong", "Boonmee", "Fah"):
            assert name not in page, (address, name)
    assert [one.project_code for one in since_before_of(2).changed] == [published.project.code]
    before = client.get(at, {"as_at": "2025-07-16"}).content.decode()
    assert "สำรวจใหม่" not in before


def since_before_of(number):
    from nayu.publication.queries import versions_of  # noqa: PLC0415

    return since_before(versions_of(2570).get(number=number))


# --- As at a past day ----------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2025-07-14", "2568-07-14", "14 ก.ค. 2568"])
def test_public_pages_show_what_stood_published_that_day(client, published, cast, day, settings):
    change_price(published, cast, 2_000_000, NOON + DAY)
    publish(2570, kind="official", actor=cast.fah, at=NOON + 2 * DAY)
    settings.TODAY = NOON.date() + 5 * DAY
    code = published.project.code
    old, new = "9,000,000.00", "10,500,000.00"

    for address in ("/2570/money/", "/2570/agencies/", "/2570/projects/"):
        now = client.get(address).content.decode()
        assert new in now, address
        then = client.get(address, {"as_at": "2025-07-16"}).content.decode()
        assert old in then, address
        assert new not in then, address
        assert "16 กรกฎาคม 2568" in then
    assert (
        "4,500,000.00"
        in client.get(f"/2570/projects/{code}/", {"as_at": "16/7/2568"}).content.decode()
    )
    before = client.get("/2570/", {"as_at": day})
    assert before.status_code == 200
    assert before.context["plan"] is None
    assert client.get(f"/2570/projects/{code}/", {"as_at": day}).status_code == 404


def test_a_day_that_is_none_or_has_not_come_is_refused_in_a_sentence(client, published):
    for day in ("เมื่อวาน", "2099-01-01", "32/1/2568"):
        answer = client.get("/2570/money/", {"as_at": day})
        assert answer.status_code in (409, 422), day
        assert "Traceback" not in answer.content.decode()


def test_a_page_that_cannot_look_back_says_so(client, published):
    page = client.get("/how-we-count/", {"as_at": "2025-07-01"}).content.decode()

    assert "หน้านี้แสดงข้อมูลย้อนหลังไม่ได้" in page


def test_working_pages_look_back_too_and_show_what_ones_post_could_see_then(
    written, users, make, settings
):
    settings.TODAY = NOON.date() + 9 * DAY
    make.move(written.pk, "submitted")
    Decision.objects.update(at=NOON + 5 * DAY)
    at = f"/2570/projects/{written.project.code}/"
    anong, fah = Client(), Client()
    anong.force_login(users.anong)
    fah.force_login(users.fah)

    then = anong.get(at, {"as_at": "2025-07-16"})
    assert then.context["sheet"].promises[0].number == 1200
    assert then.context["line_total"] == Decimal(4_500_000)
    assert then.context["may_edit"] is False
    assert anong.get(at).context["sheet"].promises[0].number == 900
    listed = anong.get("/2570/projects/", {"view": "working", "as_at": "2025-07-16"})
    assert listed.context["total"] == Decimal(4_500_000)
    assert [entry.state for entry, *_rest in listed.context["entries"]] == ["draft"]
    assert anong.get("/2570/projects/", {"view": "working"}).context["total"] == 6_000_000


def test_a_draft_of_that_day_is_hidden_from_a_desk_that_sees_it_now(users, make, settings, cast):
    settings.TODAY = NOON.date() + 9 * DAY
    entry = make.entry("draft")
    budget.submit_entry(entry.pk, actor=cast.anong, at=NOON + 2 * DAY)
    fah = Client()
    fah.force_login(users.fah)
    at = f"/2570/projects/{entry.project.code}/"

    assert fah.get(at).status_code == 200
    assert fah.get(at, {"as_at": "2025-07-16"}).status_code == 404
    listed = fah.get("/2570/projects/", {"view": "working", "as_at": "2025-07-16"})
    assert (listed.context["count"], listed.context["total"]) == (0, 0)
    assert fah.get(at, {"as_at": "2025-07-17"}).status_code == 200


def test_requests_and_ceilings_look_back(users, make, cast, settings):
    settings.TODAY = NOON.date() + 9 * DAY
    make.entry("in_plan")
    budget.open_request("11000000", 2570, actor=cast.anong, at=NOON)
    for n, amount in enumerate((10_000_000, 20_000_000)):
        budget.set_ceiling(
            "11000000", 2570, "3", Decimal(amount), actor=cast.ganda, at=NOON + n * DAY
        )
    ganda = Client()
    ganda.force_login(users.ganda)

    def ceiling(**given):
        rows = ganda.get("/2570/ceilings/", given).context["rows"]
        cells = next(cells for agency, cells in rows if agency.code == "11000000")
        return next(use.ceiling_baht for type_, use in cells if use and type_.code == "3")

    assert ceiling() == 20_000_000
    assert ceiling(as_at="2025-07-15") == 10_000_000
    page = ganda.get("/2570/ceilings/", {"as_at": "2025-07-15"}).content.decode()
    assert '<form method="post" class="form panel"' not in page
    anong = Client()
    anong.force_login(users.anong)
    then = anong.get("/2570/requests/", {"as_at": "2025-07-15"}).context
    assert then["asked_total"] == Decimal(4_500_000)
    assert sheet_of(ProjectEntry.objects.get()).state == "in_plan"
