"""Make the consolidated set and gold from records and decisions: the same as `variorum adjudicate`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["adjudicate", *sys.argv[1:]])
