"""Files somebody hands over: named harmlessly, typed plainly, within limits."""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from regulars.desk.actions.messages import File
from regulars.kernel import files

LARGEST: Final = 25 * 1024 * 1024
MOST: Final = 50
LONGEST_NAME: Final = 150
# A file is looked at outside the product, so nothing in it runs here, whatever it is.
POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,80}/[a-z0-9][a-z0-9.+-]{0,80}")


def keep(content: bytes, *, name: str, said_type: str) -> File:
    """Store the bytes under what they are called and what they are said to be."""
    return File(files.store(content), tidy_name(name), plain_type(said_type), len(content))


def tidy_name(name: str) -> str:
    """A name without folders, without what a terminal or a reader would be fooled by."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    stem, dot, ending = plain.rpartition(".")
    shorter = f"{stem[: LONGEST_NAME - 20]}{dot}{ending[:20]}" if len(plain) > LONGEST_NAME else plain
    return shorter or _("file")


def plain_type(said: str) -> str:
    """A media type without parameters; what is none is only bytes."""
    kind = said.partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"
