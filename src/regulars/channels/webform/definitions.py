"""What a form asks: the settings of a channel of kind `form`, read once."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

TEXT, LONG, CHOICE, CHOICES, CHECKBOX, DATE, NUMBER = "text", "long", "choice", "choices", "checkbox", "date", "number"
KINDS: Final = (TEXT, LONG, CHOICE, CHOICES, CHECKBOX, DATE, NUMBER)
CHOOSING: Final = (CHOICE, CHOICES)
OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
ASKED: Final = (OFF, OPTIONAL, REQUIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of the form's own. `id` stays for good, `key` is what the conversation calls the answer."""

    id: str
    kind: str
    label: str
    key: str = ""
    help: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def kept_as(self) -> str:
        return self.key or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form. The e-mail address and the message are always asked: without them nobody could answer.

    Without a mailbox (`mailbox_id`) no mail leaves for what came in here. `sites` may show it in a frame.
    """

    slug: str
    title: str
    intro: str = ""
    thanks: str = ""
    name: str = OPTIONAL
    subject: str = OPTIONAL
    takes_files: bool = True
    fields: tuple[Field, ...] = ()
    mailbox_id: int | None = None
    priority: int = 3
    label: str = ""
    sites: tuple[str, ...] = field(default=())

    def as_settings(self) -> dict[str, Any]:
        """As the channel keeps it."""
        return asdict(self)

    def field(self, field_id: str) -> Field | None:
        """One of its own questions."""
        return next((each for each in self.fields if each.id == field_id), None)


def of_settings(settings: dict[str, Any]) -> Form:
    """Read what `as_settings` wrote; what a later version added is passed over."""
    said = {name: value for name, value in settings.items() if name in Form.__dataclass_fields__}
    known = Field.__dataclass_fields__
    fields = [{name: value for name, value in each.items() if name in known} for each in said.pop("fields", [])]
    own = tuple(Field(**{**each, "choices": tuple(each.get("choices", ()))}) for each in fields)
    return Form(**{**said, "fields": own, "sites": tuple(said.get("sites", ()))})
