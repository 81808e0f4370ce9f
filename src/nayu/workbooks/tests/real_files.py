"""Where real files lie: a folder beside the repository, absent in most checkouts."""

import os
from pathlib import Path

import pytest

REPOSITORY = next(
    folder for folder in Path(__file__).resolve().parents if (folder / "pyproject.toml").exists()
)
DATA = REPOSITORY.parent / "shared" / "data"


def real(*parts: str) -> Path:
    """A real file or folder; without it the test is skipped, but in continuous integration fails."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        message = f"the real file {'/'.join(parts)} is not beside the repository"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path
