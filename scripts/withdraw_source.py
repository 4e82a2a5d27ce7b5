"""Remove an annotator from the corpus, whole or not at all: the same as `variorum withdraw`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["withdraw", *sys.argv[1:]])
