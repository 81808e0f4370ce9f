"""Mail and dying workers: what arrived is counted at a real SMTP server, never twice.

The programs are in `faults.mail`, on a small city with a database of its own.
"""

from faults.programs import program


def test_a_worker_killed_at_any_point_of_sending_sends_nothing_twice(small_city):
    found = program(small_city, "mail", "points")

    assert found["count"] >= 20
    assert found["whole"] == [1, [["returned", "sent"]]]
    assert len(found["points"]) == 2 * found["count"]
    assert {point["code"] for point in found["points"]} == {-9}
    assert [point for point in found["points"] if point["arrived"] > 1] == []
    # Either it arrived and is known to have, or nobody knows and the administrator is shown it.
    ends = {(point["arrived"], point["then"][0][1]) for point in found["points"]}
    assert ends == {(1, "sent"), (0, "unknown"), (1, "unknown")}
    assert all(len(point["then"]) == 1 for point in found["points"])
    # Whatever died before the claim was written is sent by the next worker as if nothing was.
    before_claim = [p for p in found["points"] if not p["left"] or p["left"][0][1] == "queued"]
    assert before_claim
    assert {point["then"][0][1] for point in before_claim} == {"sent"}


def test_workers_side_by_side_send_each_mail_once_and_one_daily_mail_a_person(small_city):
    found = program(small_city, "mail", "together", "4")

    assert found["codes"] == [0, 0, 0, 0]
    assert found["arrived"] == found["different"] == found["sent"] > 2
    assert found["returns"] == 20
    assert found["digests"] == found["digest_readers"] == 11
    assert set(found["states"]) <= {"sent", "lapsed"}


def test_a_real_worker_killed_between_sending_and_recording_sends_nothing_twice(small_city):
    found = program(small_city, "mail", "workers")

    assert found["left"] == [["returned", "sending"]]
    assert found["then"] == [["returned", "unknown"]]
    assert found["arrived"] == 1
