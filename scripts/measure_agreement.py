"""Measure agreement between the annotators' records: the same as `variorum agreement`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["agreement", *sys.argv[1:]])
