"""Files that nothing names any more are taken away."""

from collections.abc import Iterable

from regulars.channels.selectors import forms
from regulars.desk.models import Attachment, Draft, SideFile
from regulars.kernel import files

SWEEP = "desk.sweep_files"


def sweep(digests: Iterable[str]) -> int:
    """Remove those of these files that no message, no draft and no form that waits names; safe to run again."""
    return sum(files.remove(digest) for digest in digests if not _is_named(digest))


def _is_named(digest: str) -> bool:
    return (
        Attachment.objects.filter(digest=digest).exists()
        or SideFile.objects.filter(digest=digest).exists()
        or forms.names_file(digest)
        or Draft.objects.filter(attachments__contains=[{"digest": digest}]).exists()
    )
