"""Make the generated parts of the guidelines and docs/rules.md anew: the same as `variorum docs`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["docs", *sys.argv[1:]])
