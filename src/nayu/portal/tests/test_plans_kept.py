"""What a published plan adds up to is found once, however many readers come at the same moment."""

import threading
from types import SimpleNamespace

from nayu.portal.queries import plans
from nayu.portal.queries.plans import Plan

VERSION = SimpleNamespace(pk=1, content_hash="h", stage_id="requested", fiscal_year_be=2570)


def test_readers_who_come_at_once_wait_for_one_answer(monkeypatch):
    asked, together = [], threading.Barrier(8)

    def slowly(_version, stage):
        asked.append(stage)
        threading.Event().wait(0.05)
        return f"promised at {stage}"

    monkeypatch.setattr(plans, "promised_of", slowly)
    plan, answers = Plan(2570, VERSION, None), []

    def read():
        together.wait()
        answers.append(plan.promised())

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert asked == ["requested"]
    assert answers == ["promised at requested"] * 8


def test_after_a_minute_one_reader_reads_afresh_and_others_are_not_held_up(monkeypatch):
    clock, asked = [0.0], []
    monkeypatch.setattr(plans, "monotonic", lambda: clock[0])
    monkeypatch.setattr(plans, "current_version", lambda _year: VERSION)
    monkeypatch.setattr(plans, "leading_framework", lambda _year: None)
    monkeypatch.setattr(plans, "promised_of", lambda _v, stage: asked.append(stage) or len(asked))
    plans.forget()
    first = plans.plan_of(2570)
    assert first.promised() == 1
    assert plans.plan_of(2570) is first
    clock[0] = plans.KEPT_SECONDS + 1
    with plans._renewing:
        assert plans.plan_of(2570) is first
    fresh = plans.plan_of(2570)
    assert fresh is not first
    assert asked == ["requested", "requested"]
    assert fresh.promised() == 2
    plans.forget()
