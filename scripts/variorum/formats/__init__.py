"""Predictions in whatever format they come, read into one annotation set; each can stand as gold as well.

read(path, corpus)   the prediction in a file or a folder: the set, what is wrong, what was resolved, what was lost
READERS              the readers by the name that --input-format takes

files      which file is read how, folders          detect     the format, from name and content
draft      what a reader makes of a file            finishing  a draft checked and made a set
bulk       large clean files, by arrays             prediction the result
"""

from variorum.formats.detect import READERS
from variorum.formats.files import read
from variorum.formats.prediction import Prediction, Resolutions, Unresolved

__all__ = ["READERS", "Prediction", "Resolutions", "Unresolved", "read"]
