"""`python -m labelkite` is the same as `labelkite`."""

import sys

from labelkite.cli import main

sys.exit(main())
