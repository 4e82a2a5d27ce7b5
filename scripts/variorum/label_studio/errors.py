"""What can go wrong with the server and the client, as one exception whose message is one line for a person."""


class StudioError(Exception):
    """Label Studio cannot be used as asked; the message says why and what to do about it."""
