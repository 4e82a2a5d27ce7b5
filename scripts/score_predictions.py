"""Score a prediction against gold: the same as `variorum score`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["score", *sys.argv[1:]])
