"""Kill the making of books in the middle of writing a file; tell what lies under which name.

    python -m faults.halfway

"order" is a document of the background, "folder" is `nayu book`. Whole are files as they are when
nobody is killed.
"""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from faults import base, kill
from nayu.documents.services import write_books

OUT = base.VAR / "books"


def die_in_write(nth: int) -> None:
    """From here on, the process ends when half of the n-th file is on the disk."""
    write, count = Path.write_bytes, 0

    def write_half(path: Path, content: bytes) -> int:
        nonlocal count
        count += 1
        if count < nth:
            return write(path, content)
        write(path, content[: len(content) // 2])
        return base.kill_myself()

    Path.write_bytes = write_half


def files_in(folder: Path) -> dict[str, str]:
    """Digest of each finished file by its name."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".part"
    }


def write_folder() -> None:
    for _ in write_books(base.YEAR, kind="project-form", format="all", out=OUT):
        pass


def killed_in(nth: int, deed: Callable[[], None]) -> int:
    def killed() -> None:
        die_in_write(nth)
        deed()

    return base.in_a_process(killed)()


def main() -> None:
    found = {"folder": [], "order": []}
    base.put_back()
    # Only in processes of its own: the library that makes PDF has threads, which no fork copies.
    assert base.in_a_process(write_folder)() == 0
    whole = files_in(OUT)
    for nth in range(1, len(whole) + 1):
        shutil.rmtree(OUT)
        code = killed_in(nth, write_folder)
        left = files_in(OUT)
        again = base.in_a_process(write_folder)()
        found["folder"].append(
            {
                "code": code,
                "half": sorted(name for name in left if left[name] != whole[name]),
                "again": again,
                "whole": files_in(OUT) == whole,
            }
        )
    kill.order()
    (digest,) = files_in(base.FILES).values()
    base.put_back()
    code = killed_in(1, kill.order)
    base.wait_until_nobody_is_connected()
    left = files_in(base.FILES)
    again = base.in_a_process(kill.order)()
    found["order"].append(
        {
            "code": code,
            "half": list(left),
            "again": again,
            "whole": list(files_in(base.FILES).values()) == [digest],
        }
    )
    base.say(found)


if __name__ == "__main__":
    main()
