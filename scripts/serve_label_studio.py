"""Start the Label Studio server, or find the one that runs: the same as `variorum studio start`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["studio", "start", *sys.argv[1:]])
