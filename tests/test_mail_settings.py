"""Commands refuse settings of mail that do not go together, in a sentence and before any work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"


@pytest.mark.parametrize("command", ["worker", "serve", "migrate"])
def test_a_city_with_incomplete_mail_does_not_start(tmp_path, command):
    environment = os.environ | {
        "NAYU_VAR": str(tmp_path), "PYTHONPATH": str(SOURCE), "NAYU_MAIL": "smtp",
        "NAYU_SMTP_HOST": "mail.example", "DATABASE_URL": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "nayu", command], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "NAYU_MAIL_FROM, NAYU_URL" in done.stderr
    assert "ขาด" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "nayu.sqlite3").exists()
