"""Make the pool of claim pairs that a round judges: the same as `variorum pool`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["pool", *sys.argv[1:]])
