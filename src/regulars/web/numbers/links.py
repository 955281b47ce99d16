"""Numbers that lead to the conversations behind them, and shares in target."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.desk.selectors.numbers import Kept
from regulars.web.templatetags.house import percent, whole


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of the answer a number stands in: all of it, one step, or one group."""

    at: str = ""
    group: str | None = None

    @property
    def asked(self) -> dict[str, str]:
        """As the address says it: “=” alone is the group of those without one."""
        step = {"at": self.at} if self.at else {}
        return step if self.group is None else step | {"of": f"={self.group}"}


EVERYWHERE = Place()


class Links:
    """Links from one question's figures; drawn here because a page has hundreds."""

    def __init__(self, given: QueryDict) -> None:
        self.base = f"{reverse('numbers:behind')}?{given.urlencode()}{'&' if given else ''}"

    def count(self, n: int | None, measure: str, place: Place = EVERYWHERE) -> SafeString:
        """How many; where there are any, the way to them."""
        if not n:
            return format_html("{}", whole(n))
        asked = urlencode({"measure": measure, **place.asked})
        return format_html('<a href="{}{}">{}</a>', self.base, asked, whole(n))

    def share(self, kept: Kept, kind: str, place: Place = EVERYWHERE) -> SafeString:
        """The share in target, with what is in and what is out."""
        if kept.share is None:
            return format_html('<span class="faint">{}</span>', "–")
        words = _("%(kept)s in, %(broken)s out")
        inside, outside = self.count(kept.kept, f"{kind} kept", place), self.count(kept.broken, f"{kind} broken", place)
        before, _kept, rest = words.partition("%(kept)s")
        between, _broken, after = rest.partition("%(broken)s")
        return format_html(
            '{} <span class="small faint block">{}{}{}{}{}</span>',
            percent(kept.share, 0), before, inside, between, outside, after,
        )  # fmt: skip
