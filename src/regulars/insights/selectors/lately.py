"""Orders of the last days beside those of as many days before, out of the newest files of the mirror.

What happened in the last days was also received in them, so the older files need not be opened;
an old file imported today is read, and counts for nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb

from regulars.insights.mirror import files
from regulars.insights.models import MirrorFile
from regulars.kernel import page_settings
from regulars.kernel.fact_names import ORDER_COMPLETED
from regulars.kernel.money import Money

_SUMS = """
SELECT is_late, currency, count(*), sum(amount), count(*) FILTER (WHERE amount IS NULL OR currency = '')
FROM (
    SELECT occurred_at >= $middle AS is_late,
           CASE WHEN coalesce(properties->>'$.currency', '') = '' THEN $currency
                WHEN regexp_full_match(upper(properties->>'$.currency'), '[A-Z]{3}')
                THEN upper(properties->>'$.currency') ELSE '' END AS currency,
           TRY_CAST(coalesce(properties->>'$.total', properties->>'$.revenue', properties->>'$.value')
                    AS DECIMAL(24, 6)) AS amount
    FROM read_parquet($paths, hive_partitioning = false)
    WHERE name = $name AND is_trusted AND occurred_at >= $start AND occurred_at < $until
)
GROUP BY ALL ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Orders of some days: how many, what they came to per currency, how many had no readable amount."""

    orders: int
    revenue: list[Money]
    unpriced: int


def orders(*, until: datetime, days: int = 7) -> tuple[Stretch, Stretch]:
    """The last `days` times 24 hours before a moment, and as many before those. Refunds are not taken off."""
    start, middle = until - timedelta(days=2 * days), until - timedelta(days=days)
    # A day more, because files are named by days of UTC.
    rows = MirrorFile.objects.filter(day__gte=(start - timedelta(days=1)).date()).order_by("path")
    paths = [str(files.folder() / row.path) for row in rows]
    found = _sums(paths, start=start, middle=middle, until=until) if paths else []
    return _stretch(found, is_late=True), _stretch(found, is_late=False)


Sum = tuple[bool, str, int, Decimal | None, int]


def _sums(paths: list[str], *, start: datetime, middle: datetime, until: datetime) -> list[Sum]:
    named = {"paths": paths, "name": ORDER_COMPLETED, "start": start, "middle": middle, "until": until}
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        return engine.execute(_SUMS, {**named, "currency": page_settings.value("currency")}).fetchall()


def _stretch(sums: list[Sum], *, is_late: bool) -> Stretch:
    own = [each for each in sums if each[0] == is_late]
    return Stretch(
        orders=sum(count for _, _, count, _, _ in own),
        revenue=[Money.parse(amount, currency) for _, currency, _, amount, _ in own if currency and amount is not None],
        unpriced=sum(unread for *_, unread in own),
    )
