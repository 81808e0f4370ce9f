"""Run a command beside a PostgreSQL of its own: own folder, own port, unprivileged user.

    python -m tools.with_postgres COMMAND …

The command finds the server in DATABASE_URL. Two runs side by side do not meet.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.served import free_port

SETTINGS = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 "
    "-c jit=off -c shared_buffers=256MB -c wal_level=minimal -c max_wal_senders=0"
)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        sys.exit("PostgreSQL is not installed: run  make test-deps")
    return Path(on_path).parent


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; then somebody without rights runs it."""
    if os.getuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return [
            "setpriv",
            f"--reuid={name}",
            f"--regid={pwd.getpwnam(name).pw_gid}",
            "--clear-groups",
        ]
    sys.exit("no unprivileged user to run PostgreSQL as")


def main(command: list[str]) -> int:
    binaries, user, port = _binaries(), _unprivileged(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="nayu-pg-"))
    if user:
        folder.chmod(0o777)
    data = folder / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def run(*words: str) -> None:
        subprocess.run(
            [*user, *words], check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL
        )

    try:
        run(str(binaries / "initdb"), "-D", str(data), "-U", "nayu", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8")  # fmt: skip
        run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o",
            f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {SETTINGS}", "start")  # fmt: skip
        run(str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "nayu", "nayu")
        url = f"postgres://nayu@127.0.0.1:{port}/nayu"
        return subprocess.run(
            command, env=os.environ | {"DATABASE_URL": url}, check=False
        ).returncode
    finally:
        subprocess.run([*user, str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
                       check=False, env=environment, cwd=folder, stdout=subprocess.DEVNULL)  # fmt: skip
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
