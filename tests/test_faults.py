"""Bad input and faults: a sentence and nothing lost; complete or absent, never half.

Deeds that are killed, and processes side by side, run on a small city with a database of its own
(programs in `faults`); bad input goes through the pages of the sample city and the real command.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nayu.accounts.models import User
from nayu.approvals.models import Decision
from nayu.audit.models import Event
from nayu.budget.models import Ceiling, Line, StageAmount
from nayu.config import cli
from nayu.core.values import to_json
from nayu.projects.models import Activity, ProjectEntry
from nayu.projects.queries import problems, sheet_of
from nayu.workbooks.domain import LARGEST_FILE_BYTES, TemplateAgency, TemplateLine
from nayu.workbooks.template import write_template

ROOT = Path(__file__).resolve().parent.parent
DRAINAGE, HEALTH, YEAR = "11000000", "08000000", 2570


# --- Programs on a database of their own --------------------------------------------------------


@contextlib.contextmanager
def own_database(folder: Path):
    """The environment of processes on an empty database, of the kind under test."""
    environment = os.environ | {
        "NAYU_VAR": str(folder),
        "NAYU_TESTS": "1",
        "NAYU_SAMPLE_CITY": "",
        "NAYU_TODAY": "2025-07-15",
        "DJANGO_SETTINGS_MODULE": "nayu.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
    }
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield environment | {"DATABASE_URL": ""}
        return
    server, name = url.rsplit("/", 1)[0], f"nayu_faults_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield environment | {"DATABASE_URL": f"{server}/{name}"}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def small_city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    with own_database(folder) as environment:
        run(environment, "faults.base")
        yield environment


def run(environment, module, *words):
    done = subprocess.run(
        [sys.executable, "-m", module, *words], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def program(environment, module, *words):
    return json.loads(run(environment, f"faults.{module}", *words))


# --- kill -9 ------------------------------------------------------------------------------------

# One hundred points; each deed has at least as many statements, and rows in all of these tables.
POINTS = {
    "import": (25, 150, {"audit.Event", "budget.Line", "budget.StageAmount"}),
    "save": (25, 60, {"audit.Event", "projects.Promise", "projects.Risk", "projects.EntryLink"}),
    "submit": (13, 20, {"audit.Event", "approvals.Decision", "projects.ProjectEntry"}),
    "propose": (12, 10, {"audit.Event", "approvals.Decision", "budget.StageAmount"}),
}
BOOK_POINTS = 25


def test_there_are_a_hundred_points():
    assert sum(points for points, _, _ in POINTS.values()) + BOOK_POINTS == 100


@pytest.mark.parametrize("deed", POINTS)
def test_a_deed_that_is_killed_is_complete_or_absent_and_can_be_done_again(small_city, deed):
    points, least, tables = POINTS[deed]
    found = program(small_city, "kill", deed, str(points))

    assert found["statements"] >= least
    assert tables <= set(found["changed"])
    assert len(found["points"]) == points
    assert {point["code"] for point in found["points"]} == {-9}
    assert [point for point in found["points"] if point["left"] not in ("before", "complete")] == []
    # The last point lies behind the last commit.
    assert {point["left"] for point in found["points"]} == {"before", "complete"}
    assert {(point["again"], point["then"]) for point in found["points"]} == {(0, "complete")}


def test_a_book_that_is_killed_is_taken_over_or_absent(small_city):
    found = program(small_city, "kill", "book", str(BOOK_POINTS))

    assert len(found["points"]) == BOOK_POINTS
    assert {point["code"] for point in found["points"]} == {-9}
    assert {point["left"] for point in found["points"]} == {"before", "waiting", "complete"}
    assert {(point["again"], point["then"]) for point in found["points"]} == {(0, "complete")}


def test_no_half_written_file_ever_lies_under_its_name(small_city):
    found = program(small_city, "halfway")

    assert len(found["folder"]) == 2
    assert len(found["order"]) == 1
    for point in (*found["folder"], *found["order"]):
        assert point == {"code": -9, "half": [], "again": 0, "whole": True}


@pytest.fixture(scope="module")
def attached(small_city):
    return program(small_city, "attached")


def test_the_same_bytes_hung_removed_and_swept_at_once_lie_there_while_they_hang(attached):
    assert attached["together"] == {
        "codes": [0, 0, 0, 0],
        "left": {"row": False, "file": False, "damaged": False, "foreign": []},
        "contents": 0,
    }


def test_a_killed_attachment_never_leaves_a_row_without_its_file(attached):
    for deed, hangs in (("attach", True), ("remove", False)):
        points = attached[deed]
        assert len(points) >= 20
        assert {point["code"] for point in points} == {-9}
        assert {point["again"] for point in points} == {0}
        for point in points:
            for moment in ("left", "swept", "end"):
                state = point[moment]
                assert not (state["row"] and not state["file"]), (deed, moment, point)
                assert not state["damaged"], (deed, moment, point)
                assert state["foreign"] == []
            # The sweeper takes what a killed process left, and nothing else.
            assert point["swept"]["file"] is point["swept"]["row"], (deed, point)
            assert (point["lost"], point["parts"]) == ([], 0)
            assert point["end"] == {"row": hangs, "file": hangs, "damaged": False, "foreign": []}
            assert point["contents"] == int(hangs)
        # Some were killed when the file lay there and the row did not yet, or no longer.
        assert any(point["left"]["file"] and not point["left"]["row"] for point in points), deed


# --- Side by side -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def together(small_city):
    return program(small_city, "together", "4", "200")


def test_four_processes_that_read_wait_and_write_one_row_lose_none_of_800(together):
    assert together["lines"] == {
        "codes": [0, 0, 0, 0],
        "quantity": 800,
        "revision": 800,
        "events": 800,
        "amount_agrees": True,
    }


def test_submit_pressed_by_four_at_once_is_one_step_and_three_sentences(together):
    found = together["submissions"]

    assert found["statuses"] == [302, 409, 409, 409]
    assert (found["decisions"], found["events"]) == (1, 1)
    assert all("ส่ง" in alert_of(page) for page in found["told"])


def test_projects_opened_at_once_have_numbers_of_their_own(together):
    assert together["projects"] == {"codes": [0, 0, 0, 0], "made": 40}


# --- The sealer ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sealing(small_city):
    return program(small_city, "sealing", "20", "3", "40")


def test_a_sealer_that_is_killed_leaves_a_whole_chain_and_the_next_goes_on(sealing):
    points = sealing["killed"]["points"]

    assert len(points) == 20
    assert {(point["code"], point["left"]) for point in points} == {(-9, "whole")}
    assert {(point["again"], point["then"], point["all"]) for point in points} == {
        (0, "whole", True)
    }
    assert len({point["sealed"] for point in points}) >= 4  # after none, one, two batches …


def test_three_sealers_and_three_writers_at_once_make_one_chain(sealing):
    assert sealing["together"] == {
        "codes": [0] * 6,
        "meanwhile": "whole",
        "written": 120,
        "sealed": True,
        "chain": "whole",
    }


# --- Killed workers -----------------------------------------------------------------------------


def test_a_killed_workers_job_is_taken_over_and_given_up_after_the_third(small_city):
    found = program(small_city, "takeover")

    assert found["killed"] == ["running", 1, ""]
    assert found["heard_lately"] == ["running", 1, ""]
    assert found["other"] == ["done", 1, ""]
    assert found["taken_over"] == ["done", 2, ""]
    assert found["whole"]
    assert found["given_up"] == ["failed", 3, "job_gave_up"]
    assert "งานเริ่มมาแล้ว 3 ครั้งแต่ไม่เสร็จ" in found["pages"]["th"]
    assert "begun 3 times and never finished" in found["pages"]["en"]
    assert found["files"] == 2


def test_a_file_of_300_megabytes_is_refused_by_the_command_without_being_read(small_city, tmp_path):
    large = tmp_path / "ใหญ่.xlsx"
    with large.open("wb") as file:
        file.truncate(300 * 1024 * 1024)

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", "nayu", str(large), "--fiscal-year", str(YEAR)],
        env=small_city, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert "ใหญ่.xlsx: ไฟล์มีขนาด 300 MB ระบบอ่านได้ไม่เกิน 50 MB" in done.stderr
    megabytes = int(re.search(r"megabytes=(\d+)", done.stdout)[1])
    assert megabytes < 250


MEASURED = r"""
import re, sys
from pathlib import Path
from nayu.config.cli import main
code = main(sys.argv[1:])
kilobytes = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
print(f"megabytes={kilobytes // 1024}")
sys.exit(code)
"""


# --- Bad input, through the page and the command ------------------------------------------------


def alert_of(page: str) -> str:
    """What the page says of problems, without its frame."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture
def reader(client, db):
    """The client, signed in, reading a language."""

    def enter(name: str, language: str = "th"):
        client.force_login(User.objects.get(username=name))
        client.cookies["django_language"] = language
        return client

    return enter


def stored() -> list[object]:
    """What bad input may not change."""
    return [
        Event.objects.count(),
        Decision.objects.count(),
        list(Line.objects.order_by("pk").values_list("pk", "revision", "item", "quantity")),
        StageAmount.objects.count(),
        list(Ceiling.objects.order_by("pk").values_list("pk", "amount")),
        list(ProjectEntry.objects.order_by("pk").values_list("pk", "state", "revision")),
    ]


def line(**changes) -> TemplateLine:
    values = {
        "line_id": "N-1", "revision": 0, "item": "เครื่องสูบน้ำ", "category_code": "3.1",
        "source_code": "bma", "quantity": Decimal(2), "unit": "เครื่อง",
        "unit_price": Decimal(1_500_000), "work_code": "F06-01-01",
    }  # fmt: skip
    return TemplateLine(**{**values, **changes})


def workbook(*lines, agency=DRAINAGE, year=YEAR, cells=None) -> bytes:
    """Our workbook; `cells` are typed over."""
    content = write_template(
        TemplateAgency(agency, "หน่วยงาน"), year, [], [("F06-01-01", "งาน")],
        [("3.1", "ค่าครุภัณฑ์", "งบลงทุน")], [("bma", "งบกรุงเทพมหานคร")], list(lines or [line()]),
    )  # fmt: skip
    if not cells:
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        book["รายการ"][place] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def locked_zip() -> bytes:
    """A ZIP whose entries say that they are encrypted."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    content = bytearray(target.getvalue())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


# An .xlsx with a password is an OLE file that holds this stream.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512
# Name, bytes, and what stands in both languages' sentences.
FILES = {
    "of the wrong type": ("แผน.pdf", lambda: b"%PDF-1.7\n%", ["แผน.pdf", "PDF"]),
    "a picture named as a workbook": (
        "แผน.xlsx",
        lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        ["แผน.xlsx", "PNG"],
    ),
    "blank": ("ว่าง.xlsx", lambda: b" \n", ["ว่าง.xlsx"]),
    "encrypted": ("ลับ.xlsx", lambda: ENCRYPTED, ["ลับ.xlsx"]),
    "in a locked archive": ("ลับ.xlsx", locked_zip, ["ลับ.xlsx"]),
    "without a column": (
        "ก.xlsx",
        lambda: workbook(cells={"I5": "อย่างอื่น"}),
        ["ก.xlsx", "ราคาต่อหน่วย (บาท)"],
    ),
    "with negative money": ("ก.xlsx", lambda: workbook(cells={"I6": -5, "J6": -10}), ["(J6)", "-10"]),
    "with money in words": ("ก.xlsx", lambda: workbook(cells={"J6": "สองล้าน"}), ["สองล้าน"]),
    "with an amount over 10¹²": (
        "ก.xlsx",
        lambda: workbook(
            cells={"G6": 1, "I6": 1_000_000_000_001, "J6": 1_000_000_000_001}
        ),
        ["1,000,000,000,000"],
    ),
    "of a year of the other era": ("ก.xlsx", lambda: workbook(year=2027), ["2027", "2570"]),
    "with a text that no column holds": (
        "ก.xlsx",
        lambda: workbook(line(item="ก" * 30_000)),
        ["30,000", "1,000"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_on_the_page_gets_a_sentence_and_nothing_is_stored(reader, kind, language):
    name, content, words = FILES[kind]
    before = stored()
    response = reader("anong", language).post(
        reverse("workbooks:files_in"),
        {
            "file": SimpleUploadedFile(name, content()), "fiscal_year": str(YEAR),
            "profile": "nayu", "for_good": "1",
        },
    )  # fmt: skip

    assert 400 <= response.status_code < 500
    said = alert_of(response.content.decode())
    assert [word for word in words if word not in said] == []
    assert stored() == before


@pytest.fixture
def command(db, capsys, monkeypatch):
    """The real command, on the database under test; answers its exit code and what it said."""
    monkeypatch.setattr("django.setup", lambda: None)  # it was, and would bind the log anew

    def call(*words: str) -> tuple[int, str]:
        code = cli.main(list(words))
        return code, "".join(capsys.readouterr())

    return call


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_given_to_the_command_gets_a_sentence_and_nothing_is_stored(
    command, tmp_path, kind
):
    name, content, words = FILES[kind]
    path = tmp_path / name
    path.write_bytes(content())
    before = stored()

    code, said = command("import", "nayu", str(path), "--fiscal-year", str(YEAR))

    assert code == 1
    assert [word for word in words if word not in said] == []
    assert "Traceback" not in said
    assert stored() == before


def test_an_empty_file_is_refused_by_the_command(command, tmp_path):
    path = tmp_path / "ว่าง.csv"
    path.touch()

    code, said = command("import", "thai-budget-lines", str(path), "--fiscal-year", str(YEAR))

    assert code == 1
    assert "ว่าง.csv: ไฟล์ว่าง" in said


@pytest.mark.parametrize(("language", "word"), [("th", "ว่าง"), ("en", "empty")])
def test_an_empty_file_is_refused_by_the_page(reader, language, word):
    before = stored()
    response = reader("anong", language).post(
        reverse("workbooks:files_in"),
        {"file": SimpleUploadedFile("0.csv", b""), "fiscal_year": str(YEAR), "for_good": "1"},
    )

    assert response.status_code == 422
    assert word in alert_of(response.content.decode())
    assert stored() == before


def test_a_file_over_the_limit_is_refused_by_the_page_with_both_figures(reader):
    content = b"\0" * (LARGEST_FILE_BYTES + 1024 * 1024)
    response = reader("anong").post(
        reverse("workbooks:files_in"),
        {"file": SimpleUploadedFile("ใหญ่.xlsx", content), "fiscal_year": str(YEAR)},
    )

    assert response.status_code == 422
    said = alert_of(response.content.decode())
    assert "ไฟล์มีขนาด 51 เมกะไบต์ ระบบอ่านได้ไม่เกิน 50 เมกะไบต์" in said


@pytest.mark.parametrize("typed", ["2025", "²", "๒๕๖", "-1", "", "abc"])
def test_a_fiscal_year_that_is_none_is_asked_for_again(reader, typed):
    before = stored()
    response = reader("anong").post(
        reverse("workbooks:files_in"),
        {"file": SimpleUploadedFile("ก.xlsx", workbook()), "fiscal_year": typed, "for_good": "1"},
    )

    assert response.status_code == 422
    assert "2569" in alert_of(response.content.decode())
    assert stored() == before


def test_a_workbook_of_an_agency_that_the_city_does_not_have(command, reader, tmp_path):
    path = tmp_path / "ก.xlsx"
    path.write_bytes(workbook(agency="99999999"))
    before = stored()

    code, said = command("import", "nayu", str(path), "--fiscal-year", str(YEAR))
    response = reader("anong").post(
        reverse("workbooks:files_in"),
        {
            "file": SimpleUploadedFile("ก.xlsx", path.read_bytes()), "fiscal_year": str(YEAR),
            "profile": "nayu", "for_good": "1",
        },
    )  # fmt: skip

    assert (code, "ไม่มีหน่วยงานรหัส “99999999”" in said) == (1, True)
    assert 400 <= response.status_code < 500
    assert stored() == before


def test_a_template_of_an_unknown_agency_is_refused_by_its_code(command, reader, tmp_path):
    out = tmp_path / "แม่แบบ.xlsx"

    code, said = command(
        "template", "99999999", "--fiscal-year", str(YEAR), "--out", str(out)
    )  # fmt: skip

    assert (code, "“99999999”" in said, out.exists()) == (1, True, False)
    address = reverse("workbooks:template", args=[YEAR, "99999999"])
    assert reader("anong").get(address).status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        ["import", "nayu", "none.xlsx"], ["template", DRAINAGE, "--out", "none.xlsx"], ["check"],
        ["book", "--out", "none"], ["totals", "--stage", "requested"],
    ],
)  # fmt: skip
def test_every_command_refuses_a_year_of_the_other_era(command, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, said = command(*words, "--fiscal-year", "2026")

    assert code == 1
    assert "พุทธศักราช" in said
    assert "2026" in said
    assert list(tmp_path.iterdir()) == []


# --- Bad input at the desks ---------------------------------------------------------------------


@pytest.fixture
def draft(db):
    """A draft that lacks nothing."""
    drafts = ProjectEntry.objects.filter(agency_id=DRAINAGE, fiscal_year_be=YEAR, state="draft")
    return next(
        entry
        for entry in drafts.order_by("project__code")
        if not problems(sheet_of(entry), lines=entry.lines.count())
    )


def desk(name: str, entry: ProjectEntry, *more: str) -> str:
    return reverse(f"portal:{name}", args=[entry.fiscal_year_be, entry.project.code, *more])


def typed_line(**changes) -> dict[str, str]:
    return {
        "item": "เครื่องสูบน้ำ", "quantity": "๒", "unit": "เครื่อง", "unit_price": "1,500,000",
        "category": "3.1", "work": "F06-01-01", "source": "bma", "price_reference": "quotation",
        "price_evidence": "ใบเสนอราคา 3 ราย", "first_month": "1", "last_month": "12",
        "novelty": "new", "priority": "", "if_not_funded": "คำที่พิมพ์ไว้",
    } | changes  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ({"unit_price": "-500"}, "-500"),
        ({"unit_price": "ห้าร้อย"}, "ห้าร้อย"),
        ({"unit_price": "1000000000001", "quantity": "1"}, "1,000,000,000,000"),
        ({"unit_price": "900000000000", "quantity": "2"}, "1,800,000,000,000.00"),
        ({"item": "ก" * 100_000}, "100000"),
        ({"price_evidence": "ก" * 100_000}, "100000"),
    ],
)
def test_a_bad_line_names_the_figure_and_keeps_what_was_typed(
    reader, draft, typed, figure, language
):
    before = stored()
    response = reader("anong", language).post(desk("lines", draft), typed_line(**typed))

    page = response.content.decode()
    assert response.status_code == 422
    assert figure in alert_of(page)
    assert "คำที่พิมพ์ไว้" in page
    assert stored() == before


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_text_of_100_000_characters_is_refused_with_its_length_and_comes_back_whole(
    reader, draft, language
):
    before, sheet = stored(), to_json(sheet_of(draft))
    text = "ก" * 100_000
    response = reader("anong", language).post(
        desk("edit_section", draft, "rationale"),
        {"revision": str(draft.revision), "rationale": text},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert text in page
    assert "100000" in alert_of(page.replace(text, ""))
    assert "20000" in alert_of(page.replace(text, ""))
    assert stored() == before
    assert to_json(sheet_of(ProjectEntry.objects.get(pk=draft.pk))) == sheet


@pytest.mark.parametrize("language", ["th", "en"])
def test_weights_of_99_are_refused_with_the_figure(reader, draft, language):
    activities = Activity.objects.filter(entry=draft).order_by("order")
    activities.update(weight_percent=0)
    Activity.objects.filter(pk=activities[0].pk).update(weight_percent=99)
    before = stored()

    response = reader("anong", language).post(desk("project_submission", draft))

    assert response.status_code == 409
    figure = "น้ำหนักรวมได้ 99" if language == "th" else "the weights add up to 99"
    assert figure in alert_of(response.content.decode())
    assert stored() == before


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("typed", ["14/7/2025", "14 ก.ค. 2025", "14/7/1025"])
def test_a_meeting_in_the_wrong_era_is_refused_and_kept(reader, language, typed):
    entry = ProjectEntry.objects.filter(fiscal_year_be=YEAR, state="reviewed").first()
    before = stored()

    response = reader("fah", language).post(
        desk("project_inclusion", entry), {"meeting_number": "9/2568", "meeting_date": typed}
    )

    assert response.status_code == 409
    assert f"“{typed}”" in alert_of(response.content.decode())
    assert 'value="9/2568"' in response.content.decode()
    assert stored() == before


@pytest.mark.parametrize(
    ("typed", "figure"),
    [("-1", "-1"), ("ล้าน", "ล้าน"), ("1000000000001", "1,000,000,000,001.00"), ("1.50", "1.50")],
)
def test_a_bad_ceiling_is_refused_with_the_figure(reader, typed, figure):
    before = stored()
    response = reader("ganda").post(
        reverse("portal:ceilings", args=[YEAR]), {"agency": DRAINAGE, "type": "3", "amount": typed}
    )

    assert 400 <= response.status_code < 500
    assert figure in response.content.decode()
    assert stored() == before


def test_a_line_in_two_tabs_is_saved_by_the_first_and_kept_in_the_fields_of_the_second(
    reader, draft
):
    held = draft.lines.order_by("pk").first()
    form = typed_line(line=str(held.pk), revision=str(held.revision))
    client = reader("anong")

    assert client.post(desk("lines", draft), form).status_code == 302
    second = client.post(desk("lines", draft), form | {"item": "จากแท็บที่สอง"})

    assert second.status_code == 422
    assert "จากแท็บที่สอง" in second.content.decode()
    assert Line.objects.get(pk=held.pk).item == "เครื่องสูบน้ำ"


def test_submit_pressed_twice_is_one_event_and_then_a_sentence(reader, draft):
    client, address = reader("anong", "en"), desk("project_submission", draft)
    before = Event.objects.count()

    answers = [client.post(address).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert Event.objects.filter(verb="project.submit", subject_id=str(draft.pk)).count() == 1
    assert Event.objects.count() == before + 1


def test_a_session_that_ended_before_the_form_was_sent(reader, draft, client):
    before, sheet = stored(), to_json(sheet_of(draft))
    reader("anong")
    client.session.flush()

    address = desk("edit_section", draft, "rationale")
    response = client.post(
        address, {"revision": str(draft.revision), "rationale": "ข้อความที่พิมพ์มานาน"}
    )

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={address}"
    assert stored() == before
    assert to_json(sheet_of(ProjectEntry.objects.get(pk=draft.pk))) == sheet
