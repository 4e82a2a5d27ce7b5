"""The explorer: the corpus as pages to look at, with no network and no server.

    pages(material)   HTML files by name: one that holds everything, or a folder's if there are many articles
    Material          articles, gold, annotators' sets, judgements, figures, a prediction with its cases

`articles` and `pairs` choose what is shown, `copies` finds where copied passages changed, `figures` what is plotted;
`page/` holds the template, the style and the script, `rendering` puts them together.
"""

from variorum.explorer.figures import Bar, Plot, agreement, validity
from variorum.explorer.material import Material, Prediction
from variorum.explorer.pages import INDEX, MARK, MAX_ARTICLES, pages
from variorum.explorer.rendering import NoLibrary

__all__ = [
    "INDEX",
    "MARK",
    "MAX_ARTICLES",
    "Bar",
    "Material",
    "NoLibrary",
    "Plot",
    "Prediction",
    "agreement",
    "pages",
    "validity",
]
