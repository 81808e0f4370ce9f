"""Pages of a large city from the product's own server, at 1 and at 8 connections.

The rival is the privacy page of the same server: all of the frame, none of the city.
"""

import http.client
import math
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from bench import ROOT
from bench.figures import Comparison, seconds_of, take_turns
from bench.queries import HOST, addresses

RIVAL = "privacy page (the rival)"
CONNECTIONS = (1, 8)
SECONDS, LEAST_EACH, MOST = 4.0, {1: 3, 8: 1}, 400
SLOWEST_ANSWER = 110


def measure(database: str) -> list[dict[str, Any]]:
    """Needs the large city in the database of the environment."""
    pages = {RIVAL: "/privacy/", **addresses()}
    del pages["list, a strategy"]  # as slow as the other filter; its queries are counted
    found = []
    with _server() as port:
        for connections in CONNECTIONS:
            base = 0.0
            for name, address in pages.items():
                times, elapsed = load(port, quote(address, safe="/?=&"), connections)
                median = statistics.median(times)
                base = base or median
                found.append(
                    {
                        "database": database,
                        "page": name,
                        "connections": connections,
                        "requests": len(times),
                        "median_ms": round(median * 1000, 1),
                        "p95_ms": round(_p95(times) * 1000, 1),
                        "per_second": round(len(times) / elapsed, 2),
                        "times_the_rival": round(median / base, 1),
                    }
                )
    return found


def _p95(times: list[float]) -> float:
    """By nearest rank: of fewer than twenty answers the slowest."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def measure_command(database: str) -> Comparison:
    """`nayu totals` from the shell against the start of the same program without any work."""
    command = [
        "nayu", "totals", "--fiscal-year", "2568", "--stage", "ordinance",
        "--version", "published", "--by", "agency", "--json",
    ]  # fmt: skip
    ours, rival = take_turns(
        lambda: seconds_of(lambda: _run("-m", *command)),
        lambda: seconds_of(lambda: _run("-c", "import django; django.setup()")),
        pairs=5,
    )
    return Comparison(
        "nayu totals --by agency, large city",
        database,
        "the command, from start to exit",
        "the same program started without any work",
        5,
        ours,
        rival,
    )


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


@contextmanager
def _server() -> Iterator[int]:
    """`nayu serve` in a process group of its own, which ends with the measure."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "nayu", "serve", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port)
        load(port, "/privacy/", 8)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            _get(http.client.HTTPConnection(HOST, port, timeout=5), "/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not answer")


def _get(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{address}: {response.status}")


def load(port: int, address: str, connections: int) -> tuple[list[float], float]:
    """Seconds of each answer, and of the whole, with so many readers asking without a pause."""
    times: list[float] = []
    failures: list[BaseException] = []
    start = time.perf_counter()

    def read_on() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=SLOWEST_ANSWER)
        own = 0
        try:
            while own < LEAST_EACH[connections] or (
                time.perf_counter() - start < SECONDS and len(times) < MOST
            ):
                asked = time.perf_counter()
                _get(connection, address)
                times.append(time.perf_counter() - asked)
                own += 1
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            failures.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read_on) for _ in range(connections)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if failures:
        raise RuntimeError(f"{address}: {failures[0]!r}")
    return times, time.perf_counter() - start
