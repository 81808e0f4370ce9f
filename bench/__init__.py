"""Speed of the product, as ratios against a named rival in the same run (`make bench`)."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
# A checkout may be measured before it is installed.
if str(SOURCE) not in sys.path:
    sys.path.insert(0, str(SOURCE))
