"""Times and ratios: two rivals take turns, each turn in a process of its own, seconds."""

import gc
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Turn = Callable[[], float]
# A fork keeps what was prepared, and starts with the caches as cold as they are then.
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds of the turns of one rival."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        return cls(min(seconds), statistics.median(seconds), max(seconds))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What we took against what the rival took; `ratio` is that of the medians.

    `limit` is of the ratio, `most_seconds` of our median.
    """

    name: str
    database: str
    ours: str
    rival: str
    pairs: int
    our_seconds: Spread
    rival_seconds: Spread
    limit: float | None = None
    most_seconds: float | None = None

    @property
    def ratio(self) -> float:
        return self.our_seconds.median / self.rival_seconds.median

    @property
    def met(self) -> bool | None:
        if self.limit is None and self.most_seconds is None:
            return None
        in_ratio = self.limit is None or self.ratio <= self.limit
        return in_ratio and (
            self.most_seconds is None or self.our_seconds.median <= self.most_seconds
        )

    def as_json(self) -> dict[str, Any]:
        return {
            **rounded(asdict(self)),
            "ratio": round(self.ratio, 2 if self.ratio >= 0.01 else 6),
            "met": self.met,
        }


def rounded(value: Any, places: int = 4) -> Any:
    """The same JSON value with shorter floats."""
    if isinstance(value, float):
        return round(value, places)
    if isinstance(value, dict):
        return {key: rounded(part, places) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part, places) for part in value]
    return value


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_fork(turn: Turn) -> float:
    """What the turn answers, run in a forked process. Raises RuntimeError if it fails there."""
    receiving, sending = _FORK.Pipe(duplex=False)

    def run() -> None:
        gc.freeze()  # what the bench itself holds is nobody's rubbish to look through
        sending.send(turn())

    process = _FORK.Process(target=run)
    process.start()
    sending.close()
    try:
        answer = float(receiving.recv())
    except EOFError:
        raise RuntimeError("the measured process failed") from None
    finally:
        process.join()
        receiving.close()
    return answer


def take_turns(
    ours: Turn, rival: Turn, *, pairs: int, run: Callable[[Turn], float] = in_fork
) -> tuple[Spread, Spread]:
    """A, B, A, B …: a machine that gets slower meanwhile slows both. Seconds of ours, of rival."""
    mine, theirs = [], []
    for _ in range(pairs):
        mine.append(run(ours))
        theirs.append(run(rival))
    return Spread.of(mine), Spread.of(theirs)
