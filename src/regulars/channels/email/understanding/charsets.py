"""Bytes to text, whatever the label says: it never raises, and what comes out can be stored."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What senders write, and the larger character set they mean by it.
_MEANT = {
    "ansix341968": "cp1252",
    "ascii": "cp1252",
    "big5": "cp950",
    "cngb": "gb18030",
    "cseuckr": "cp949",
    "euccn": "gb18030",
    "euckr": "cp949",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "gbk": "gb18030",
    "iso2022jp": "iso2022_jp_ext",
    "iso88591": "cp1252",
    "iso88598e": "iso8859_8",
    "iso88598i": "iso8859_8",
    "iso885911": "cp874",
    "iso88599": "cp1254",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "ksc56011989": "cp949",
    "latin1": "cp1252",
    "l1": "cp1252",
    "mskanji": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "tis620": "cp874",
    "unicode11utf7": "utf_7",
    "unicode11utf8": "utf_8",
    "usascii": "cp1252",
    "windows31j": "cp932",
    "windows949": "cp949",
    "xeucjp": "euc_jp",
    "xgbk": "gb18030",
    "xsjis": "cp932",
}
_REFUSED = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
_OTHER_ASCII = ("utf_7", "hz", "utf_16", "utf_32", "cp037", "cp273", "cp500", "cp1140")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+ -]{0,39}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_.:+-]{1,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)


def decode(raw: bytes, label: str | None = None) -> str:
    """The text of some bytes: by their mark, by their label where it can be true, else by a guess."""
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return storable(raw[len(mark) :].decode(codec, "replace"))
    codec = codec_of(label)
    if raw.isascii() and b"\x1b" not in raw and (codec is None or not codec.startswith(_OTHER_ASCII)):
        return storable(raw.decode("ascii"))
    return storable(_by_label(raw, codec))


@lru_cache(maxsize=256)
def codec_of(label: str | None) -> str | None:
    """Python's name for a label; None where there is none or where it names something else than characters."""
    wanted = (label or "").strip().strip("\"'").partition("*")[0]
    if not _LABEL.fullmatch(wanted):
        return None
    meant = _MEANT.get(re.sub(r"[^a-z0-9]", "", wanted.lower()), wanted)
    try:
        info = codecs.lookup(meant)
    except (LookupError, ValueError):
        return None
    if info.name in _REFUSED or not info._is_text_encoding:  # pyright: ignore[reportAttributeAccessIssue]
        return None
    return info.name.replace("-", "_")


def of_html(raw: bytes) -> str | None:
    """The label an HTML document gives itself near its beginning."""
    found = _META.search(raw[:2048])
    return found[1].decode("ascii") if found else None


def storable(text: str) -> str:
    """Without what no database keeps: null characters and halves of pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii() and _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _by_label(raw: bytes, codec: str | None) -> str:
    if codec in (None, "cp1252", "utf_8"):
        return _guessed(raw)
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(codec, "replace")


def _guessed(raw: bytes) -> str:
    """UTF-8 where it holds, or nearly holds (a text cut in the middle of a character); else Western European."""
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return raw.decode("iso2022_jp_ext", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * 2 <= sum(1 for character in text if character > "\x7f") - broken:
        return text
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
