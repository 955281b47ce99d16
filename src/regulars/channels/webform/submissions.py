"""What somebody sent through a form, as it is stored before anybody acts on it: one JSON object."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from regulars.channels.email.reading import NotUnderstood


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one of the form's own questions, in words, as the question stood then."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with it; its bytes lie in `kernel.files`."""

    digest: str
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One form, filled in."""

    email: str
    message: str
    name: str = ""
    subject: str = ""
    language: str = ""
    answers: tuple[Answer, ...] = ()
    files: tuple[SentFile, ...] = ()

    def as_bytes(self) -> bytes:
        """The same for the same words, so that what is sent twice is known again."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=True).encode()


def understand(raw: bytes) -> Submission:
    """Read what `as_bytes` wrote; raises `NotUnderstood` for anything else."""
    try:
        said: dict[str, Any] = json.loads(raw)
        answers = tuple(Answer(**each) for each in said.pop("answers"))
        files = tuple(SentFile(**each) for each in said.pop("files"))
        return Submission(**said, answers=answers, files=files)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise NotUnderstood("It is not a filled-in form as this version stores it.") from fault
