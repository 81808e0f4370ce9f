"""Questions from files: read whole or refused with place and reason; the command answers and exports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nayu.allocation.domain.problem import WHOLE, Stay
from nayu.allocation.messages import REASONS, reason_of
from nayu.allocation.reading import QuestionNotUnderstood, read_question
from nayu.allocation.services import (
    CertificateNotUnderstood,
    answer_file,
    export,
    verify_file,
)
from nayu.config.cli import main

PROJECTS = """code,agency,level,amount_baht,amount_1_baht,points,people,name_th,types,districts,elements
P1,A,full,"40,000,000",,50,1200,ลอกคลอง,inv:2;run:1,1001,nine:1.4.1;plan20:1.3
P1,A,part,๓๐๐๐๐๐๐๐,,30,800,,,,
P2,B,full,30000000.50,5000000,20.5,,ทางเท้า,run,1001:1;1002:2,nine:2.1.1
P3,A,full,20000000,,10,,,inv,1002,nine:1.4.1
"""
SCENARIO = """fiscal_year_be = 2570
projects = "projects.csv"
total_baht = "70,000,000.50"
later_baht = ["10,000,000", "", ""]
agency_ceilings_baht = { A = 60000000 }
district_floors_baht = { 1002 = "1000" }
forbidden = []
[[element_shares]]
framework = "nine"
element = "1.4.1"
least_percent = "12.5"
[investment]
types = ["inv"]
least_percent = "10"
[required]
P3 = "legal"
[[groups]]
code = "g"
members = ["P1", "P2"]
at_most = 2
[[needs]]
project = "P2"
needs = "P3"
[stay]
reference = ["P1"]
most_changes = 3
"""


@pytest.fixture
def files(tmp_path):
    def write(scenario=SCENARIO, projects=PROJECTS) -> Path:
        (tmp_path / "projects.csv").write_text(projects, encoding="utf-8")
        path = tmp_path / "scenario.toml"
        path.write_text(scenario, encoding="utf-8")
        return path

    return write


def test_a_whole_scenario_is_read_as_it_is_written(files):
    question = read_question(files())
    first, second, _third = question.candidates
    assert [level.code for level in first.levels] == ["full", "part"]
    assert first.levels[1].amounts[0] == 3_000_000_000
    assert second.levels[0].amounts == (3_000_000_050, 500_000_000, 0, 0)
    assert second.levels[0].points == 20_500_000
    assert (first.types, second.districts) == ((("inv", 2), ("run", 1)), (("1001", 1), ("1002", 2)))
    assert first.elements == (("nine", "1.4.1"), ("plan20", "1.3"))
    assert question.total == 7_000_000_050
    assert question.later == (1_000_000_000, None, None)
    assert (question.elements[0].least, question.elements[0].most) == (1250, WHOLE)
    assert question.stay == Stay(frozenset({"P1"}), 3)
    assert question.required == {"P3": "legal"}


@pytest.mark.parametrize(
    ("part", "by", "place", "reason"),
    [
        ("fiscal_year_be = 2570", "fiscal_year_be = 2027", "fiscal_year_be", "not_a_fiscal_year"),
        ('projects = "projects.csv"', 'projects = "none.csv"', "none.csv", "no_such_file"),
        ('"70,000,000.50"', '"มาก"', "total_baht", "not_a_number"),
        ('"70,000,000.50"', "1.5", "total_baht", "money_as_text"),
        ('"70,000,000.50"', '"-1"', "total_baht", "money_outside"),
        ('"70,000,000.50"', '"0.001"', "total_baht", "below_a_satang"),
        ("forbidden = []", 'forbidden = ["P9"]', "forbidden", "no_such_project"),
        ("forbidden = []", "forbiden = []", "forbiden", "unknown_part"),
        ('least_percent = "12.5"', 'least_percent = "101"', "element_shares 1", "not_a_percent"),
        ('least_percent = "12.5"', 'least_percent = "9"\nmost_percent = "8"', "element_shares 1", "least_above_most"),
        ('element = "1.4.1"', 'element = ""', "element_shares 1", "cell_blank"),
        ('types = ["inv"]', "types = []", "investment", "types_missing"),
        ('P3 = "legal"', 'P3 = "liked"', "required.P3", "not_a_kind"),
        ('members = ["P1", "P2"]', 'members = ["P1"]', "groups 1", "group_too_small"),
        ("at_most = 2", "", "groups 1", "group_without_number"),
        ('needs = "P3"', 'needs = "P2"', "needs 1", "needs_itself"),
        ("most_changes = 3", "most_changes = -1", "stay", "not_a_number"),
        ("[stay]", "[stay", "scenario.toml", "not_toml"),
        ("later_baht = [", "later_baht = [1, ", "later_baht", "not_three_years"),
        ("agency_ceilings_baht = { A = 60000000 }", "agency_ceilings_baht = 6", "agency_ceilings_baht", "not_a_table"),
    ],
)  # fmt: skip
def test_a_malformed_scenario_is_refused_with_place_and_reason(files, part, by, place, reason):
    assert part in SCENARIO
    with pytest.raises(QuestionNotUnderstood) as refused:
        read_question(files(SCENARIO.replace(part, by, 1)))
    assert refused.value.facts["reason"] == reason
    assert place in refused.value.facts["place"]
    assert len(reason_of(refused.value)) > 10


@pytest.mark.parametrize(
    ("part", "by", "place", "reason"),
    [
        ("code,agency", "code,bureau", "1", "column_missing"),
        ("people,name_th", "people,people", "1", "column_unknown"),
        ('"40,000,000"', "สี่สิบล้าน", "2, amount_baht", "not_a_number"),
        (",50,1200", ",-1,1200", "2, points", "points_outside"),
        ("P1,A,part", "P1,B,part", "3", "level_of_another_agency"),
        ("P1,A,part", "P1,A,full", "3", "level_twice"),
        ("inv:2;run:1", "inv:0;run:1", "2, types", "not_a_weight"),
        ("1001:1;1002:2", "1001:1;1001:2", "4, districts", "code_twice"),
        ("nine:2.1.1", "nine", "4, elements", "not_an_element"),
        ("P3,A", ",A", "5", "cell_blank"),
    ],
)
def test_malformed_projects_are_refused_with_row_and_reason(files, part, by, place, reason):
    assert part in PROJECTS
    with pytest.raises(QuestionNotUnderstood) as refused:
        read_question(files(projects=PROJECTS.replace(part, by, 1)))
    assert (refused.value.facts["place"], refused.value.facts["reason"]) == (
        f"projects.csv: {place}", reason,
    )  # fmt: skip


def test_every_reason_has_a_sentence():
    source = Path(read_question.__code__.co_filename).read_text(encoding="utf-8")
    for reason in REASONS:
        assert f'"{reason}"' in source


def test_an_answer_is_exported_and_counted_again_by_an_outsider(files, tmp_path):
    answered, paths = export(files(), tmp_path / "out")
    assert answered.answer.status == "proved"
    assert {path.name for path in paths} == {
        "question.lp", "question.mps", "certificate.json", "verify_allocation.py",
    }  # fmt: skip
    certificate = tmp_path / "out/certificate.json"
    assert all(one.holds for one in verify_file(certificate))
    program = [sys.executable, "-I", str(tmp_path / "out/verify_allocation.py"), str(certificate)]
    assert subprocess.run(program, capture_output=True, check=False).returncode == 0
    told = json.loads(certificate.read_text(encoding="utf-8"))
    told["plan"].pop("P3")
    certificate.write_text(json.dumps(told), encoding="utf-8")
    assert "row LEGAL[P3]" in {one.name for one in verify_file(certificate) if not one.holds}


def test_what_is_no_certificate_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "x.json"
    for text in ("[]", "nothing", '{"format": "nayu-allocation-1"}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CertificateNotUnderstood):
            verify_file(path)


def test_the_command_tells_the_answer_and_what_the_list_would_break(files, capsys):
    path = files()
    assert main(["allocate", "solve", str(path), "--gap", "0", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == answer_file(path).as_json() | {
        key: told[key] for key in ("ties_settled", "simplex_iterations", "nodes", "gap_percent")
    }
    assert told["gap_percent"] == "0.0000"
    assert main(["allocate", "solve", str(files(SCENARIO.replace('"legal"', '"liked"')))]) == 1
    assert "scenario.toml: required.P3" in capsys.readouterr().err


def test_the_command_says_why_and_what_more_or_less_money_would_do(files, capsys):
    path = files()
    assert main(["allocate", "why", str(path), "P1", "--gap", "0"]) == 0
    assert "P1 is " in capsys.readouterr().out
    assert main(["allocate", "why", str(path), "P9"]) == 0
    assert "P9: not in the question" in capsys.readouterr().out
    assert main(["allocate", "steps", str(path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in told] == [
        "-30", "-25", "-20", "-15", "-10", "-5", "+0", "+5", "+10",
    ]  # fmt: skip


def test_the_command_names_what_clashes_and_what_would_do(files, capsys):
    path = files(SCENARIO.replace('"70,000,000.50"', '"1,000"'))
    assert main(["allocate", "solve", str(path)]) == 1
    told = capsys.readouterr().out
    assert "clash TOTAL" in told
    assert "ease TOTAL by" in told


def test_a_file_without_points_counts_the_money(files):
    bare = "code,agency,amount_baht\nP1,A,100\nP2,A,250.50\nP3,B,7\n"
    question = read_question(files('fiscal_year_be = 2570\nprojects = "projects.csv"\n', bare))
    assert not question.has_scores
    assert [c.levels[0].points for c in question.candidates] == [100, 250, 7]
