"""A person is taken out of the record: no name, no link, and the chain as whole as before."""

import pytest
from django.test import Client

from conftest import DRAINAGE, NOON
from nayu.accounts.models import User
from nayu.agencies.domain import STRANGER_PERSON
from nayu.agencies.queries import person_of
from nayu.approvals.domain import NotOneself
from nayu.approvals.services import forget_person
from nayu.audit.domain import Head, NoSuchPerson, line_of, verify
from nayu.audit.models import Event, PersonSalt, SealedEvent
from nayu.audit.queries import current_head, exported
from nayu.audit.services import record, seal_all
from nayu.core.errors import NotPermitted

NAME = "อนงค์ ใจดี"


def export():
    return [f"{line_of(value)}\n" for value in exported()]


@pytest.fixture
def anong(users):
    """Anong has a full name, and a project of hers has been returned with a reason."""
    users.anong.display_name, users.anong.email = NAME, "anong@example.org"
    users.anong.save()
    return users.anong


@pytest.fixture
def deeds(make, cast, anong):
    make.entry("returned", year=2570)
    by_others = {
        "by name": {"reason": f"ตามที่{NAME}ขอแก้ไข"},
        "in facts": {"facts": {"changed": {"rationale": ["ก", f"ถาม{NAME}ได้"]}, "line": 7}},
        "by sign-in": {"reason": "see mail of Anong."},
        "other word": {"reason": "an anongrrr of another kind"},
        "nickname": {"reason": "น้องนุ่นแจ้ง"},
    }
    for label, given in by_others.items():
        record(
            "project.edit", subject=("project", "7", label), actor=cast.boonmee, at=NOON, **given
        )
    seal_all(at=NOON)


def test_before_forgetting_there_is_something_to_forget(deeds, anong):
    assert NAME in "".join(export())
    assert Event.objects.filter(actor=anong).exists()


def test_a_forgotten_person_leaves_the_chain_whole_and_no_name(deeds, cast, anong):
    count, head = current_head()
    before = export()

    withheld = forget_person(anong.pk, actor=cast.kwan, at=NOON)

    assert withheld == 3
    told = "".join(export())
    assert NAME not in told
    assert "anong@" not in told
    assert "see mail" not in told
    assert "anongrrr" in told
    report = verify(export(), heads=[Head(head, count)], earlier=before)
    assert (report.finding, report.withheld) == (None, 3)
    assert not Event.objects.filter(actor=anong.pk).exists()
    assert not PersonSalt.objects.filter(pk=anong.pk).exists()


def test_deeds_stay_under_a_hash_that_is_nobodys(deeds, cast, anong):
    def hashes():
        rows = SealedEvent.objects.filter(event__verb="project.submit")
        return list(rows.values_list("sequence", "person"))

    before = hashes()
    forget_person(anong.pk, actor=cast.kwan, at=NOON)

    assert before == hashes() != []
    assert Event.objects.filter(verb="project.submit", post_title_th__gt="").exists()


def test_further_words_are_looked_for_on_request(deeds, cast, anong):
    assert forget_person(anong.pk, also=["น้องนุ่น"], actor=cast.kwan, at=NOON) == 4
    assert "น้องนุ่น" not in "".join(export())


def test_the_account_tells_nothing_and_opens_nothing(deeds, cast, anong):
    client = Client()
    client.force_login(anong)
    forget_person(anong.pk, actor=cast.kwan, at=NOON)

    user = User.objects.get(pk=anong.pk)
    assert str(user).startswith("forgotten-")
    assert (user.display_name, user.email, user.is_active) == ("", "", False)
    assert person_of(user, NOON.date()) == STRANGER_PERSON
    assert not User.objects.filter(username="anong").exists()
    assert client.get("/my-work/").status_code == 302
    assert not user.appointments.filter(last_day=None).exists()


@pytest.mark.parametrize("reader", ["boonmee", "fah", "itsara", "kwan", "stranger"])
def test_no_page_tells_the_name_of_a_forgotten_person(deeds, make, cast, anong, users, reader):
    entry = make.entry("submitted", year=2570, name="ลอกคลองที่สอง")
    forget_person(anong.pk, actor=cast.kwan, at=NOON)
    client = Client()
    if reader != "stranger":
        client.force_login(getattr(users, reader))
    at = f"/2570/projects/{entry.project.code}"
    for address in (f"{at}/", f"{at}/history/", f"{at}/decision/", "/audit/", "/audit/forgetting/",
                    "/record/", "/record/heads.json", "/my-work/", f"/2570/requests/{DRAINAGE}/"):  # fmt: skip
        page = client.get(address).content.decode()
        assert NAME not in page, address


def test_the_deed_itself_is_recorded_without_the_name(deeds, cast, anong):
    forget_person(anong.pk, actor=cast.kwan, at=NOON)
    event = Event.objects.get(verb="person.forget")
    assert event.actor_id == cast.kwan.user_id
    assert event.facts["withheld"] == 3
    assert SealedEvent.objects.filter(person=event.facts["person"]).exists()
    seal_all(at=NOON)
    assert verify(export()).is_whole


def test_events_not_yet_sealed_are_forgotten_too(cast, anong):
    record("project.edit", subject=("project", "1", NAME), actor=cast.anong, at=NOON)
    forget_person(anong.pk, actor=cast.kwan, at=NOON)
    assert not Event.objects.filter(actor=anong.pk).exists()
    assert NAME not in "".join(export())
    assert verify(export()).is_whole


def test_a_withheld_text_cannot_be_tried_out(deeds, cast, anong):
    forget_person(anong.pk, actor=cast.kwan, at=NOON)
    for sealed in SealedEvent.objects.exclude(withheld={}):
        for place, name in enumerate(("subject_label", "reason", "facts")):
            salt = sealed.text_salts[place * 32 : place * 32 + 32]
            assert (salt == "0" * 32) is (name in sealed.withheld)


def test_taking_a_name_out_without_forgetting_shows(deeds, cast, anong):
    """The database lets an actor be emptied; while the salt is there, the export tells."""
    first = Event.objects.filter(actor=anong).order_by("seal__sequence").first()
    Event.objects.filter(pk=first.pk).update(actor=None)
    finding = verify(export()).finding
    assert (finding.code, finding.sequence) == ("altered", first.seal.sequence)


@pytest.mark.parametrize(
    "name", ["anong", "boonmee", "fah", "ganda", "hathai", "itsara", "jira", "stranger"]
)
def test_only_the_administrator_forgets(cast, users, name):
    with pytest.raises(NotPermitted):
        forget_person(users.chai.pk, actor=getattr(cast, name), at=NOON)
    assert User.objects.filter(username="chai", is_active=True).exists()


def test_nobody_forgets_oneself_nor_somebody_twice(cast, users):
    with pytest.raises(NotOneself):
        forget_person(users.kwan.pk, actor=cast.kwan, at=NOON)
    forget_person(users.chai.pk, actor=cast.kwan, at=NOON)
    with pytest.raises(NoSuchPerson):
        forget_person(users.chai.pk, actor=cast.kwan, at=NOON)
