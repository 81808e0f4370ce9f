"""Doing many independent pieces of work: in this process, or on a Dask cluster that stands already.

`NAYU_DASK=tcp://host:8786` names its scheduler; its workers have Nayu installed. A piece whose worker
dies is done again by another; what comes back is in the order of the pieces either way.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any

Piece = dict[str, Any]
RETRIES = 3


def spread(
    work: Callable[[Piece], Piece],
    pieces: Sequence[Piece],
    progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> list[Piece]:
    """Results in the order of the pieces; those not begun when it was stopped are left out."""
    address = os.environ.get("NAYU_DASK", "")
    if address:
        return _on_cluster(address, work, pieces, progress, is_stopped)
    done: list[Piece] = []
    for piece in pieces:
        if is_stopped is not None and is_stopped():
            break
        done.append(work(piece))
        if progress is not None:
            progress(len(done), len(pieces))
    return done


def _on_cluster(
    address: str,
    work: Callable[[Piece], Piece],
    pieces: Sequence[Piece],
    progress: Callable[[int, int], None] | None,
    is_stopped: Callable[[], bool] | None,
) -> list[Piece]:
    from distributed import Client, as_completed  # noqa: PLC0415  # only where a cluster is named

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        futures = client.map(work, pieces, retries=RETRIES, pure=False)
        for done, _future in enumerate(as_completed(futures, loop=client.loop), start=1):  # type: ignore[no-untyped-call]
            if progress is not None:
                progress(done, len(pieces))
            if is_stopped is not None and is_stopped():
                client.cancel([future for future in futures if not future.done()])
                break
        return [future.result() for future in futures if future.status == "finished"]
