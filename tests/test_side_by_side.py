"""Several processes at once, and files and seals that are killed: nothing lost, nothing twice."""

from pathlib import Path

import pytest

from faults.programs import alert_of, program

ROOT = Path(__file__).resolve().parent.parent
DRAINAGE, HEALTH, YEAR = "11000000", "08000000", 2570


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
