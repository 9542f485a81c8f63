"""The sandbox in a process of its own: says its address, serves until standard input is closed."""

from __future__ import annotations

import json
import sys

from efimport.sandbox.server import start


def main() -> None:
    """Started with the options of the sandbox as JSON."""
    with start(**json.loads(sys.argv[1])) as running:
        sys.stdout.write(running.endpoint + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
