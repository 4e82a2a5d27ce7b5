"""The explorer: the corpus as pages to look at, with no network and no server.

    pages(material)   HTML files by name: one that holds everything, or a folder's if there are many articles
    Material          articles, gold, annotators' sets, judgements, figures, a prediction with its cases

`articles` and `pairs` choose what is shown, `copies` finds where copied passages changed, `reports` and `figures` tell
what is plotted; `page/` holds templates, style and script, `rendering` puts them together.
"""

from variorum.explorer.figures import Bar, Plot
from variorum.explorer.material import Material, Prediction
from variorum.explorer.pages import INDEX, MARK, MAX_ARTICLES, pages
from variorum.explorer.rendering import NoLibrary
from variorum.explorer.reports import agreement, leaderboard, validity

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
    "leaderboard",
    "pages",
    "validity",
]
