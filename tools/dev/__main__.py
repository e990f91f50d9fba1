"""Entry of ./dev: picks the command, shows errors as one message, sets the exit code."""

from __future__ import annotations

import sys

from .commands import COMMANDS, usage
from .console import DevError, say


def main(argv: list[str]) -> int:
    name = argv[0] if argv else "help"
    if name in ("help", "-h", "--help"):
        say(usage())
        return 0
    if name not in COMMANDS:
        say(f"dev: no command '{name}'\n\n{usage()}")
        return 2
    try:
        return COMMANDS[name].run(argv[1:])
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
