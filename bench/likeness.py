"""Likeness among 20,000 projects: all pairs on one core, and one text against all, as one types.

The texts are put together from the sample city's own names and clauses, no two alike by plan but
one in five, which is a copy with one clause or only place and numbers changed.
"""

import random
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import partial

from django.db import connection, connections

from bench.figures import Comparison, Spread, seconds_of, take_turns
from nayu.agencies.models import Appointment
from nayu.agencies.queries import person_of, place_names
from nayu.portal.queries.sight import sight_of_likes
from nayu.practice.services import SAMPLE_DAY
from nayu.practice.services import texts as sample_texts
from nayu.search.domain import PUBLIC
from nayu.search.domain.likeness import (
    NAME,
    NEAR_PERCENT,
    RATIONALE,
    Plain,
    all_pairs,
    likeness,
    pieces,
    plain,
)
from nayu.search.models import LikeDocument
from nayu.search.queries.likeness import like_names, like_rationales
from nayu.search.services.likeness import LikeInput, put

HOW_MANY, PAIRS, ASKED = 20_000, 5, 40
PAIRS_OF_ALL = 2  # a turn takes most of a minute
NAME_PERCENT = 60
MOST_SECONDS_ALL, MOST_SECONDS_ONE = 30.0, 0.050
SHARE = 200  # the rival does one part of so many, and is multiplied
YEAR = 2568


def corpus(how_many: int = HOW_MANY) -> tuple[list[str], list[str]]:
    """(names, rationales); the same every time."""
    dice = random.Random(2569)
    given = sample_texts()
    names = [str(text["name_th"]) for text in given]
    clauses = [part for text in given for part in str(text["rationale"]).split(" ")]
    clauses = [part for part in clauses if len(part) > 20]
    made_names, rationales = [], []
    for number in range(how_many):
        one, other = dice.choice(names), dice.choice(names)
        tail = dice.choice(clauses)[:12]
        made_names.append(f"{one[: dice.randint(12, 40)]}{other[len(other) // 2 :]}{tail}")
        if number % 5 == 4:
            parts = dice.choice(rationales).split(" ")
            if number % 10 == 9:
                parts[dice.randrange(len(parts))] = dice.choice(clauses)
            rationales.append(" ".join([*parts, f"เขตบางรัก {number} แห่ง"]))
        else:
            rationales.append(" ".join(dice.choice(clauses) for _ in range(dice.randint(6, 12))))
    return made_names, rationales


def processor_seconds(work: Callable[[], object]) -> float:
    """Of this process alone: one core, however many others want it."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure_all_pairs(database: str) -> list[Comparison]:
    """Texts to pairs, no database: normalised, cut in pieces, compared. Seconds of one core."""
    names = place_names()
    connections.close_all()
    found = []
    for title, texts, percent in zip(
        ("names", "rationales"), corpus(), (NAME_PERCENT, NEAR_PERCENT), strict=True
    ):
        found.append(_all_pairs(database, title, texts, percent, names))
    return found


def _all_pairs(
    database: str, title: str, texts: list[str], percent: int, names: tuple[str, ...]
) -> Comparison:
    sets = [pieces(plain(text, names).letters) for text in texts]

    def ours() -> None:
        all_pairs([pieces(plain(text, names).letters) for text in texts], percent)

    def brute_force() -> None:
        for one in range(0, len(sets), SHARE):
            for other in range(one + 1, len(sets)):
                likeness(sets[one], sets[other])

    mine, theirs = take_turns(
        lambda: processor_seconds(ours),
        lambda: processor_seconds(brute_force) * SHARE,
        pairs=PAIRS_OF_ALL,
    )
    return Comparison(
        f"All pairs of {len(texts):,} {title}, at {percent} %",
        database,
        "texts to all pairs at least so alike, seconds of one core",
        f"every pair compared, one text in {SHARE} against all later ones, × {SHARE}",
        PAIRS_OF_ALL,
        mine,
        theirs,
        None,
        MOST_SECONDS_ALL,
    )


def keep(database_names: tuple[str, ...]) -> list[tuple[Plain, Plain]]:
    """Keep the corpus as published texts; answers the texts that will be asked about."""
    names, rationales = corpus()
    both = [
        (plain(name, database_names), plain(rationale, database_names))
        for name, rationale in zip(names, rationales, strict=True)
    ]
    put(
        (
            LikeInput(PUBLIC, field, number, YEAR, "11000000", f"bench-{number:06d}", text)
            for number, pair in enumerate(both)
            for field, text in zip((NAME, RATIONALE), pair, strict=True)
        ),
        with_near=False,
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return both


def measure_one(database: str) -> list[Comparison]:
    """Needs the sample city; leaves its corpus there. Asked by a planner, warm, like a form does."""
    names = place_names()
    both = keep(names)
    planner = Appointment.objects.filter(post__role="planner").order_by("pk")[0]
    visible = sight_of_likes(person_of(planner.user, SAMPLE_DAY))
    held = LikeDocument.objects.filter(field=NAME).count()
    dice = random.Random(7)
    asked = dice.sample(range(HOW_MANY), ASKED)
    found = []
    for title, place, ask in (("name", 0, like_names), ("rationale", 1, like_rationales)):
        typed = [both[number][place].shown for number in asked]
        letters = [pair[place].letters for pair in both[::SHARE]]

        def look(text: str, ask=ask) -> None:
            ask(plain(text, names), visible=visible, upto_year=YEAR)

        def ours(look=look, typed=typed) -> float:
            look(typed[0])
            return Spread.of([seconds_of(partial(look, text)) for text in typed]).median

        def rival(typed=typed, letters=letters) -> float:
            wanted = plain(typed[0], names).letters
            return SHARE * seconds_of(
                lambda: [SequenceMatcher(None, wanted, one).quick_ratio() for one in letters]
            )

        mine, theirs = take_turns(ours, rival, pairs=PAIRS, run=lambda turn: turn())
        found.append(
            Comparison(
                f"One {title} against {held:,} kept ones",
                database,
                f"typed text to what may be told, median of {ASKED} texts",
                f"difflib's quick_ratio with one in {SHARE} of them, × {SHARE}",
                PAIRS,
                mine,
                theirs,
                None,
                MOST_SECONDS_ONE,
            )
        )
    return found
