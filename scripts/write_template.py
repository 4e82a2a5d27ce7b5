"""Write an empty prediction to be filled in: the same as `variorum predict-template`."""

import sys

from variorum.cli import app

if __name__ == "__main__":
    app(["predict-template", *sys.argv[1:]])
