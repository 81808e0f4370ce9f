"""The word lists of `data/`, read once: each file names its source, each list its terms."""

import tomllib
from functools import lru_cache
from importlib import resources

from nayu.coach.domain import Words


@lru_cache(maxsize=1)
def words() -> Words:
    """Every list of every file, by "file.list"; a term is a regular expression."""
    lists: dict[str, tuple[str, ...]] = {}
    for path in resources.files("nayu.coach").joinpath("data").iterdir():
        if not path.name.endswith(".toml"):
            continue
        for name, terms in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if name != "source":
                lists[f"{path.name.removesuffix('.toml')}.{name}"] = tuple(terms)
    return Words(lists)
