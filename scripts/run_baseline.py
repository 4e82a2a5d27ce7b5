"""Run a baseline on the articles: the same as `variorum baseline`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["baseline", *sys.argv[1:]])
