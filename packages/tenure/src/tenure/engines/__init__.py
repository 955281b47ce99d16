"""The retention questions on an engine: DuckDB here, Apache Spark on a cluster, ClickHouse's dialect.

    from tenure import engines
    answer = engines.retention("facts/", engine="spark://spark.internal:7077", period="month", zone="Europe/Berlin")

The same words as `tenure.retention`, and the same answer cell by cell. Needs `pip install "tenure[engines]"`.
"""

from __future__ import annotations

from tenure.engines.asking import retention
from tenure.engines.opening import close

__all__ = ["close", "retention"]
