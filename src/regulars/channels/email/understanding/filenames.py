"""Names for attachments: as the sender meant them, without what could do harm, never empty."""

from __future__ import annotations

import re
import unicodedata

from regulars.channels.email.understanding import limits

_PATH = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_ENDINGS = {
    "application/gzip": "gz",
    "application/json": "json",
    "application/ms-tnef": "dat",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/pgp-encrypted": "asc",
    "application/pgp-keys": "asc",
    "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-tnef": "dat",
    "application/x-pkcs7-mime": "p7m",
    "application/x-pkcs7-signature": "p7s",
    "application/xml": "xml",
    "application/zip": "zip",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "image/tiff": "tif",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/external-body": "txt",
    "message/feedback-report": "txt",
    "message/partial": "eml",
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/calendar": "ics",
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "video/quicktime": "mov",
}
_GUESSED = ("image", "text", "audio", "video")


def safe(name: str) -> str:
    """The last part of any path, without characters that steer a terminal, a shell or the reader's eye."""
    name = _PATH.split(name.strip().rstrip("/\\"))[-1]
    name = "".join(one for one in name if unicodedata.category(one) not in ("Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
    name = _FORBIDDEN.sub("_", name).strip(" .")
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    return _short(name)


def of(name: str | None, kind: str, *, number: int, subject: str | None = None) -> str:
    """The part's own name made safe; else one from what it is, such as `image-2.png` or its subject's."""
    ending = _ending(kind)
    if subject and (titled := safe(subject.replace("/", "-").replace("\\", "-"))):
        own = safe(name) if name else ""
        return own or _short(f"{titled}.{ending}")
    if name and (own := safe(name)):
        return own
    if kind == "text/calendar":
        return "invitation.ics"
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
        return "winmail.dat"
    main = kind.partition("/")[0]
    title = {"image": "image", "text": "text", "audio": "sound", "video": "film", "message": "message"}
    return f"{title.get(main, 'attachment')}-{number}.{ending}"


def _ending(kind: str) -> str:
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    main, _, sub = kind.partition("/")
    sub = sub.removeprefix("x-")
    return sub if main in _GUESSED and re.fullmatch(r"[a-z0-9]{1,8}", sub) else "bin"


def _short(name: str) -> str:
    """Cut in the middle of nothing: the ending stays, as it says what opens the file."""
    if len(name.encode()) <= limits.MAX_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    kept = stem.encode()[: limits.MAX_NAME_BYTES - len((dot + ending).encode())]
    return kept.decode("utf-8", "ignore").rstrip() + dot + ending
