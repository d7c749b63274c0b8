"""An address as a QR code, for the terminal and for a page."""

import io

LONGEST = 1800  # letters: more make squares too small for a phone's camera


def for_terminal(url: str) -> str:
    """The code in letters of a terminal."""
    import segno

    text = io.StringIO()
    segno.make(url, micro=False).terminal(text, compact=True)
    return text.getvalue()


def as_picture(url: str) -> str:
    """The code as the data address of an SVG picture, black on white with its quiet zone; "" for one that is too long."""
    import segno

    if len(url) > LONGEST:
        return ""
    return str(segno.make(url, micro=False, error="l").svg_data_uri(scale=4, border=4, light="#fff"))
