"""A server on a port of its own, before a city built for it; for tests and for pictures."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

PASSWORD = "nayu-2568"  # noqa: S105 - the sample city's, printed by `make demo`
SAMPLE_CITY = {"NAYU_SAMPLE_CITY": "1", "NAYU_TODAY": "2025-07-15"}
NAYU = [sys.executable, "-m", "nayu"]
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def build_city(environment: Mapping[str, str], log: Path) -> None:
    """The sample city by the real command, into the folder and database `environment` names."""
    with log.open("wb") as said:
        subprocess.run(
            [*NAYU, "demo", "--no-serve"], env=environment, check=True, stdout=said, stderr=said
        )


@contextlib.contextmanager
def served(environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """The address of what `environment` names, served with a worker beside it.

    Raises TimeoutError with what the server said.
    """
    with log.open("wb") as said:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        commands = ([*NAYU, "serve", "--port", str(port)], [*NAYU, "worker"])
        processes = [
            subprocess.Popen(command, env=environment, stdout=said, stderr=said)
            for command in commands
        ]
        try:
            _wait(url, log)
            yield url
        finally:
            for process in processes:
                process.terminate()
                process.wait(timeout=20)


def _wait(url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/healthz", timeout=2).close()  # noqa: S310 - our own server
            return
        time.sleep(0.25)
    raise TimeoutError(f"{url}\n{log.read_text(errors='replace')[-3000:]}")
