"""The rules over twenty real projects say what docs/coach.md lists, no more and no less."""

import json
import re

from nayu.coach.domain import Draft, Passage, remarks
from nayu.coach.reading import words
from nayu.workbooks.tests.real_files import REPOSITORY, real

HIT = re.compile(r"^\| (\d+) \| `(\w+)` \| (\w+) \| \S.*\|$", re.MULTILINE)


def test_every_hit_on_the_real_projects_is_listed_with_a_verdict():
    listed = HIT.findall((REPOSITORY / "docs/coach.md").read_text(encoding="utf-8"))
    path = real("bma_strategy_budget", "project_1-20.json")
    found = []
    for project in json.loads(path.read_text(encoding="utf-8")):
        draft = Draft((Passage("name", project["name"]), Passage("objective", project["result"])))
        found += [(project["id"], one.code, one.heading) for one in remarks(draft, words())]

    assert len(listed) > 10
    assert sorted(listed) == sorted(found)
