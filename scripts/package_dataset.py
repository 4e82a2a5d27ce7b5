"""Build the dataset folder from gold and the records: the same as `variorum build`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["build", *sys.argv[1:]])
