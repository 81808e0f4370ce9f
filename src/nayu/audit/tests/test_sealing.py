"""Closing events into the chain, by any number of sealers, without a writer waiting for one."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NOON
from nayu.accounts.models import User
from nayu.agencies.domain import Person
from nayu.audit.domain import BEGINNING, Head, line_of, verify
from nayu.audit.models import Event, PersonSalt, Seal, SealedEvent
from nayu.audit.queries import (
    current_head,
    daily_heads,
    exported,
    strays,
    unsealed_since,
)
from nayu.audit.services import record, seal, seal_all
from nayu.jobs.services import run_worker


@pytest.fixture
def anong(db):
    return User.objects.create_user("anong", password="pw", display_name="อนงค์ ใจดี")


def deed(user=None, number=0, **changes):
    values = {"subject": ("project", str(number), f"โครงการ {number}"), "at": NOON}
    return record("project.edit", actor=Person(user.pk if user else None), **{**values, **changes})


def lines(fiscal_year_be=None):
    return [f"{line_of(value)}\n" for value in exported(fiscal_year_be)]


def verdict(**given):
    finding = verify(lines(), **given).finding
    return finding and (finding.code, finding.sequence)


def test_events_are_sealed_in_the_order_of_their_keys_and_only_once(anong):
    made = [deed(anong, number) for number in range(5)]

    assert seal_all(at=NOON)[0] == 5
    assert seal_all(at=NOON)[0] == 0
    placed = SealedEvent.objects.order_by("sequence").values_list("sequence", "event_id")
    assert list(placed) == [(n, event.pk) for n, event in enumerate(made, start=1)]
    assert not Event.objects.filter(sealed=False).exists()
    assert verdict(heads=[Head(current_head()[1], 5)]) is None


def test_batches_follow_one_another(db):
    for number in range(5):
        deed(number=number)
    while seal(at=NOON, limit=2):
        pass

    found = list(Seal.objects.order_by("number"))
    assert [(s.number, s.first_sequence, s.last_sequence) for s in found] == [
        (1, 1, 2), (2, 3, 4), (3, 5, 5),
    ]  # fmt: skip
    assert [s.previous_head for s in found] == [BEGINNING, *[s.head for s in found[:-1]]]
    assert all(SealedEvent.objects.get(sequence=s.last_sequence).hash == s.head for s in found)
    assert verdict() is None


def test_nothing_to_seal_makes_no_batch(db):
    assert seal(at=NOON) is None
    assert seal_all(at=NOON) == (0, BEGINNING)
    assert verify(lines()).is_whole


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5),
        inner, max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "reason": WORDS, "facts": st.dictionaries(WORDS, JSON, max_size=3),
                "agency_code": st.sampled_from(["", "11000000"]), "by_anong": st.booleans(),
                "fiscal_year_be": st.sampled_from([None, 2569, 2570]), "verb": WORDS,
                "minutes": st.integers(-(10**6), 10**6),
            }
        ),
        max_size=6,
    )
)  # fmt: skip
def test_whatever_is_recorded_the_export_of_it_is_whole(anong, deeds):
    for given_deed in deeds:
        minutes, verb = given_deed.pop("minutes"), given_deed.pop("verb")
        user = anong if given_deed.pop("by_anong") else None
        record(
            verb, subject=("project", "1", verb), actor=Person(user and user.pk),
            at=NOON + timedelta(minutes=minutes), **given_deed,
        )  # fmt: skip
    seal_all(at=NOON)

    count, head = current_head()
    for year in (None, 2569, 2570):
        report = verify(lines(year), heads=[Head(head, count or None)])
        assert report.finding is None
        assert report.events == count == Event.objects.count()


# --- What was changed in the database behind everybody's back -----------------------------------


@pytest.fixture
def sealed(anong):
    """Five sealed events, of which the third is tampered with."""
    for number in range(5):
        deed(
            anong, number, agency_code="11000000", fiscal_year_be=2570, reason="เหตุผล",
            facts={"amount": "1000.00"},
        )  # fmt: skip
    seal_all(at=NOON)
    return SealedEvent.objects.get(sequence=3)


def behind_everybodys_back(statement, *given):
    """As somebody would who rules the database: no trigger stands in the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS audit_event_stays")
        cursor.execute(statement, given)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


TAMPERED = {
    "at": "2020-01-01 00:00:00+00:00", "written_at": "2020-01-01 00:00:00+00:00",
    "actor_id": None, "post_code": "x", "post_title_th": "x", "post_title_en": "x", "verb": "x",
    "subject_kind": "x", "subject_id": "x", "subject_label": "x", "agency_code": "x",
    "fiscal_year_be": 2571, "reason": "x", "facts": '{"amount": "1000.01"}',
}  # fmt: skip


def test_every_column_of_an_event_is_tampered_with_below():
    own = {field.attname for field in Event._meta.concrete_fields}
    assert own == {*TAMPERED, "id", "sealed"}


@pytest.mark.parametrize("column", TAMPERED)
def test_a_column_altered_in_the_database_is_named_in_the_export(sealed, column):
    assert verdict() is None
    behind_everybodys_back(
        f"UPDATE audit_event SET {column} = %s WHERE id = %s",  # noqa: S608 - our own columns
        TAMPERED[column], sealed.event_id,
    )  # fmt: skip
    assert verdict() == ("altered", 3)


def test_another_actor_put_in_the_place_of_the_true_one_is_named(sealed):
    other = User.objects.create_user("chai", password="pw")
    PersonSalt.objects.create(user=other, salt="00" * 32)
    behind_everybodys_back(
        "UPDATE audit_event SET actor_id = %s WHERE id = %s", other.pk, sealed.event_id
    )
    assert verdict() == ("altered", 3)


@pytest.mark.parametrize("column", TAMPERED)
def test_the_database_refuses_to_change_a_sealed_event(sealed, column):
    value = "x" if column == "actor_id" else TAMPERED[column]
    if column == "actor_id":
        value = User.objects.create_user("chai", password="pw").pk
    with (
        pytest.raises(DatabaseError, match="a sealed event never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE audit_event SET {column} = %s WHERE id = %s",  # noqa: S608 - our own columns
            [value, sealed.event_id],
        )


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_a_sealed_event(frame, anong):
    deed(anong)
    seal_all(at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")
    assert Event.objects.count() == 1


def test_an_event_slipped_in_as_sealed_is_noticed(sealed):
    assert strays() == 0
    Event.objects.filter(pk=deed().pk).update(sealed=True)
    assert strays() == 1


def test_a_chain_cannot_fork(sealed):
    first = Seal.objects.get()
    for changes in ({"number": 1}, {"previous_head": BEGINNING}, {"head": first.head}):
        values = {"number": 2, "previous_head": "a" * 64, "head": "b" * 64, **changes}
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.create(first_sequence=6, last_sequence=6, sealed_at=NOON, **values)


# --- Several at once ----------------------------------------------------------------------------


def in_threads(count, work):
    """Run at the same moment, each on a connection of its own; answers what went wrong."""
    ready, wrong = threading.Barrier(count), []

    def run(number):
        try:
            ready.wait(30)
            work(number)
        except Exception as error:  # noqa: BLE001 - whatever it is fails the test
            wrong.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return wrong


ON_DISK = pytest.mark.skipif(
    "sqlite" in connection.settings_dict["ENGINE"],
    reason="SQLite's test database is shared memory; tests/test_side_by_side.py has processes on files",
)


@ON_DISK
@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_make_one_chain(frame):
    user = User.objects.create_user("anong", password="pw")

    def work(number):
        for turn in range(20):
            if number < 3:
                seal(at=NOON, limit=3)
            else:
                with transaction.atomic():
                    deed(user, number * 100 + turn)

    assert in_threads(6, work) == []
    seal_all(at=NOON)
    count, head = current_head()
    assert count == Event.objects.count() == 60
    assert verdict(heads=[Head(head, count)]) is None


@ON_DISK
@pytest.mark.django_db(transaction=True)
def test_an_event_committed_late_comes_late_and_is_never_skipped(frame):
    """Its key was handed out first; sealers pass by meanwhile and do not wait."""
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            deed(number=1)
            written.set()
            go_on.wait(30)
        connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait(30)
    second = deed(number=2)
    assert seal_all(at=NOON)[0] == 1
    go_on.set()
    writer.join(30)
    assert seal_all(at=NOON)[0] == 1

    first = Event.objects.get(subject_id="1")
    assert first.pk < second.pk
    order = SealedEvent.objects.order_by("sequence").values_list("event_id", flat=True)
    assert list(order) == [second.pk, first.pk]
    assert verdict() is None


@ON_DISK
@pytest.mark.django_db(transaction=True)
def test_a_writer_does_not_wait_for_a_sealer(frame):
    deed(number=1)
    sealing, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            seal(at=NOON)
            sealing.set()
            go_on.wait(30)
        connections.close_all()

    sealer = threading.Thread(target=slow)
    sealer.start()
    sealing.wait(30)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '1ms'")
        deed(User.objects.create_user("anong", password="pw"), number=2)
    go_on.set()
    sealer.join(30)
    assert Event.objects.filter(sealed=False).count() == 1


# --- Alarm, days, worker ------------------------------------------------------------------------


def test_an_event_unsealed_for_five_minutes_is_an_alarm(db):
    """By the database's clock: the deed itself may carry any time."""
    deed(at=NOON - timedelta(days=400))
    now = timezone.now()

    assert unsealed_since(now + timedelta(minutes=4)).is_alarm is False
    late = unsealed_since(now + timedelta(minutes=6))
    assert (late.is_alarm, late.count, late.late) == (True, 1, 1)
    seal_all(at=NOON)
    assert unsealed_since(now + timedelta(days=1)).is_alarm is False


def test_the_last_head_of_a_day_is_known_once_the_day_is_over(db):
    heads = []
    for hours in (0, 3, 30, 78):  # 15 July twice, 16 July, 18 July
        deed()
        heads.append(seal_all(at=NOON + timedelta(hours=hours))[1])

    def told(day):
        return [(d.day, seal.head) for d, seal in daily_heads(date(2025, 7, day))]

    assert told(15) == []
    assert told(16) == [(15, heads[1])]
    assert told(18) == [(15, heads[1]), (16, heads[2])]
    assert told(19) == [(15, heads[1]), (16, heads[2]), (18, heads[3])]


def test_a_clock_set_back_breaks_nothing(db):
    for days in (3, 0, 1, 5):
        deed()
        seal_all(at=NOON + timedelta(days=days))
    assert verdict() is None
    assert [day.day for day, _seal in daily_heads(date(2025, 7, 21))][-1] == 20


def test_the_worker_seals(db):
    deed()
    run_worker(once=True, poll_seconds=0.01)
    assert current_head()[0] == 1


def test_a_periodic_deed_that_fails_does_not_end_the_worker(db, monkeypatch, caplog):
    def break_down(**_given):
        raise ZeroDivisionError

    monkeypatch.setattr("nayu.audit.tasks.seal_all", break_down)
    assert run_worker(once=True, poll_seconds=0.01) == 0
    assert "seal_events failed" in caplog.text
