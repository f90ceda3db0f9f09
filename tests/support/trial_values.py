"""What a trial says, to find the values of a genuine record in it."""


def values(value):
    """Every text, number and flag in a trial, texts on one line."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from values(one)
    elif value is not None:
        yield " ".join(value.split()) if isinstance(value, str) else value
