"""What is kept in money: gross and net revenue retention, by account and by plan.

`revenue_retention` from payments or revenues by date, `subscription_revenue_retention` from subscriptions with a
beginning and an end, `revenue_retention_of` from what each account paid at the opening and at the closing.
"""

from __future__ import annotations

from tenure.revenue.asking import revenue_retention, revenue_retention_of, subscription_revenue_retention
from tenure.revenue.results import RevenueLine, RevenueRetention, Share

__all__ = [
    "RevenueLine",
    "RevenueRetention",
    "Share",
    "revenue_retention",
    "revenue_retention_of",
    "subscription_revenue_retention",
]
