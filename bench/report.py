"""The result as Markdown, and what became of each limit."""

from collections.abc import Iterator
from typing import Any

Result = dict[str, Any]


def verdicts(result: Result) -> list[tuple[str, bool]]:
    """(what, whether it was met) of everything that has a limit."""
    told = []
    for part in result["databases"]:
        for comparison in part["comparisons"]:
            if comparison["met"] is not None:
                told.append((f"{comparison['name']}, {part['database']}", comparison["met"]))
        if "queries" in part:
            told.append(
                (
                    f"queries do not grow, {part['database']}",
                    all(small == large for small, large in part["queries"].values()),
                )
            )
    return told


def markdown(result: Result) -> str:
    lines = ["# Speed, as ratios in one run", "", *_machine(result), ""]
    lines += ["## Against a named rival", "", *_comparisons(result)]
    parts = [part for part in result["databases"] if "pages" in part]
    if parts:
        lines += ["", "## A large city", "", *_sizes(parts), "", *_pages(parts)]
        lines += ["", "## Queries", "", *_queries(parts)]
    return "\n".join(lines) + "\n"


def _machine(result: Result) -> Iterator[str]:
    facts = result["machine"]
    servers = [p["postgresql"] for p in result["databases"] if "postgresql" in p]
    yield (
        f"Measured on {facts['measured_on']}: {facts['cpu']}, {facts['cores']} cores, "
        f"{facts['memory_gb']} GB, {facts['system']}; {result['minutes']} minutes; "
        f"load before the start {facts['load_before']}."
    )
    yield ""
    libraries = [f"{name} {version}" for name, version in facts["libraries"].items()]
    names = [f"Python {facts['python']}", f"SQLite {facts['sqlite']}"]
    names += [f"PostgreSQL {version}" for version in servers]
    yield ", ".join(names + libraries) + "."


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"


def _spread(seconds: dict[str, float]) -> str:
    places = 2 if seconds["median"] >= 0.1 else 3
    return " / ".join(f"{seconds[name]:.{places}f}" for name in ("least", "median", "most"))


def _limit(comparison: dict[str, Any]) -> str:
    if comparison.get("most_seconds"):
        return f"≤ {comparison['most_seconds']:g} s"
    return f"≤ {comparison['limit']:g}" if comparison["limit"] else "–"


def _comparisons(result: Result) -> Iterator[str]:
    found = [c for part in result["databases"] for c in part["comparisons"]]
    found += [part["command"] for part in result["databases"] if "command" in part]
    yield "Seconds are least / median / most of the pairs, which take turns; the ratio is of the medians."
    yield ""
    yield from _table(
        ("measure", "database", "pairs", "ours, s", "rival, s", "ratio", "limit", ""),
        [
            (
                c["name"],
                c["database"],
                c["pairs"],
                _spread(c["our_seconds"]),
                _spread(c["rival_seconds"]),
                f"**{c['ratio']:.2g}**" if c["ratio"] < 0.01 else f"**{c['ratio']:.2f}**",
                _limit(c),
                {True: "met", False: "**not met**", None: ""}[c["met"]],
            )
            for c in found
        ],
    )
    yield ""
    yield from dict.fromkeys(f"- {c['name']}: {c['ours']}; rival: {c['rival']}." for c in found)


def _sizes(parts: list[Result]) -> Iterator[str]:
    projects, lines = parts[0]["sizes"][1]
    yield (
        f"{projects:,} published projects and {lines:,} lines; `nayu serve` as it comes; readers on the "
        "same machine, each asking again without a pause. Times in milliseconds."
    )


def _pages(parts: list[Result]) -> Iterator[str]:
    rows = [page for part in parts for page in part["pages"]]
    yield from _table(
        ("page", "database", "connections", "requests", "median", "p95", "a second", "× the rival"),
        [
            (
                p["page"],
                p["database"],
                p["connections"],
                p["requests"],
                f"{p['median_ms']:,.0f}",
                f"{p['p95_ms']:,.0f}",
                f"{p['per_second']:,.1f}",
                f"{p['times_the_rival']:,.1f}",
            )
            for p in rows
        ],
    )


def _queries(parts: list[Result]) -> Iterator[str]:
    yield "The same number at both sizes means that no page asks more because the city is larger."
    yield ""
    head = ["page"]
    for part in parts:
        head += [f"{part['database']}, {size[0]:,} projects" for size in part["sizes"]]
    rows = []
    for name in parts[0]["queries"]:
        counts = [count for part in parts for count in part["queries"][name]]
        rows.append((name, *counts))
    yield from _table(tuple(head), rows)
