"""The words of a message that an export gives as HTML."""

from regulars.channels.email.understanding.html_text import readable


def text_of(html: str, plain: str = "") -> str:
    """The plain text an export gives, else what a person reads in the HTML."""
    return plain.strip() or (readable(html).text.strip() if html else "")
