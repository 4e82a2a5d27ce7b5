"""Compute every figure of a dataset folder anew: the same as `variorum verify`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["verify", *sys.argv[1:]])
