"""The columns of a database of overstay, for tests that look into one."""


def varints(blob):
    """The numbers of a column that holds several: seven bits a byte, the lowest first."""
    value = shift = 0
    for byte in blob:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0
