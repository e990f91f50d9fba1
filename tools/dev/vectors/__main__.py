"""`python3 -m dev.vectors --write DIR [NAME...]`: writes the committed figures from DIR."""

from __future__ import annotations

import sys
from pathlib import Path

from . import __doc__ as usage
from . import write

if len(sys.argv) < 3 or sys.argv[1] != "--write":
    sys.exit(usage)
write(Path(sys.argv[2]), sys.argv[3:])
