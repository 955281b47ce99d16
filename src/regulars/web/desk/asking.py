"""What the address of the inbox asks for: a view, a status, filters, an order, a place in the list."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from regulars.desk.selectors import sorting
from regulars.desk.selectors.conditions import Tree
from regulars.desk.selectors.listing import Wanted
from regulars.desk.selectors.views import Looking, Views
from regulars.web.desk import words

ANY: Final = "any"
LONGEST_SEARCH: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One way of looking at the inbox, as the address carries it; what makes no sense is passed over."""

    view: Looking
    status: str = ""
    channel: int | None = None
    label: int | None = None
    priority: int | None = None
    sort: str = "newest"
    after: str = ""
    text: str = ""  # searched for wherever it is; the view and the filters rest meanwhile

    @property
    def wanted(self) -> Wanted:
        """What to list."""
        statuses = list(words.STATUSES) if self.status == ANY else [self.status] if self.status else None
        return self.view.wanted(statuses=statuses, besides=self.narrowing)

    @property
    def narrowing(self) -> Tree:
        """What the filters ask, beyond the view and the status."""
        chosen = {"channel": self.channel, "label": self.label, "priority": self.priority}
        trees = [{"field": name, "is": "in", "value": [value]} for name, value in chosen.items() if value]
        return {"all": trees} if trees else {}

    @property
    def is_narrow(self) -> bool:
        """Whether less is shown than the view has."""
        return bool(self.status or self.narrowing)

    @property
    def query(self) -> str:
        """The same way of looking, for the addresses of rows and pages; what is usual is left out."""
        return urlencode({name: value for name, value in self._said().items() if value})

    def _said(self) -> dict[str, Any]:
        if self.text:
            return {"q": self.text}
        return {
            "view": "" if self.view.key == "mine" else self.view.key,
            "status": self.status,
            "channel": self.channel,
            "label": self.label,
            "priority": self.priority,
            "sort": "" if self.sort == self.view.sort else self.sort,
        }


def asked(said: QueryDict, views: Views) -> Asked:
    """Read the address."""
    get = said.get
    view = views.find(get("view", ""))
    status, sort = get("status", ""), get("sort", "")
    return Asked(
        view,
        status=status if view.statuses is not None and status in (*words.STATUSES, ANY) else "",
        channel=_number(get("channel", "")),
        label=_number(get("label", "")),
        priority=_number(get("priority", ""), most=4),
        sort=sort if sort in sorting.SORTS else view.sort,
        after=get("after", ""),
        text=get("q", "").strip()[:LONGEST_SEARCH],
    )


def _number(text: str, *, most: int = 2**31) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 and 0 < int(text) <= most else None
