"""`python -m nayu`."""

import sys

from nayu.config.cli import main

sys.exit(main())
