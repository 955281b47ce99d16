"""Why a rule does not run, in words, and what to do about it."""

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from regulars.desk.actions.rule_faults import CONDITIONS, DEED, FIELD, LABEL, TEAM, TRIGGER, Fault

SENTENCES: Final[dict[str, str | Promise]] = {
    CONDITIONS: gettext_lazy("Its conditions were written by another version and cannot be read here. Set them anew."),
    TRIGGER: gettext_lazy("It waits for “%(name)s”, which this version does not know. Choose when it is asked."),
    DEED: gettext_lazy("It does “%(name)s”, which this version does not know. Choose what it does."),
    LABEL: gettext_lazy("It names a label that is no more. Choose another one, or take that line out."),
    TEAM: gettext_lazy("It names the team “%(name)s”, which is no more. Choose another one, or take that line out."),
    FIELD: gettext_lazy("It fills in “%(name)s”, a field that is no more. Choose another one, or take that line out."),
}


def faults(found: Sequence[Fault]) -> list[str]:
    """A sentence for each thing that keeps it from running."""
    return [_sentence(each) for each in found]


def _sentence(fault: Fault) -> str:
    return str(SENTENCES[fault.what]) % {"name": fault.name or "?"}
