"""Word lists as they are easiest to read: one string."""


def vocabulary(words: str) -> frozenset[str]:
    """The words of a string as a set.

    >>> sorted(vocabulary("week month"))
    ['month', 'week']
    """
    return frozenset(words.split())
