"""The union of two ascending lists per customer."""

from __future__ import annotations

from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def union_lengths(
    first: int, last: int, at: Any, bt: Any, has_a: Any, has_b: Any, ao: Any, av: Any, bo: Any, bv: Any, lengths: Any
) -> None:
    """How many distinct values each customer has on both sides together."""
    for i in range(first, last):
        x, xe = (ao[at[i]], ao[at[i] + 1]) if has_a[i] else (0, 0)
        y, ye = (bo[bt[i]], bo[bt[i] + 1]) if has_b[i] else (0, 0)
        n = 0
        while x < xe and y < ye:
            u, v = av[x], bv[y]
            x += u <= v
            y += v <= u
            n += 1
        lengths[i] = n + (xe - x) + (ye - y)


@njit(cache=True, nogil=True)
def union_values(
    first: int,
    last: int,
    at: Any,
    bt: Any,
    has_a: Any,
    has_b: Any,
    ao: Any,
    av: Any,
    bo: Any,
    bv: Any,
    offsets: Any,
    out: Any,
) -> None:
    """Those values, ascending."""
    for i in range(first, last):
        x, xe = (ao[at[i]], ao[at[i] + 1]) if has_a[i] else (0, 0)
        y, ye = (bo[bt[i]], bo[bt[i] + 1]) if has_b[i] else (0, 0)
        k = offsets[i]
        while x < xe and y < ye:
            u, v = av[x], bv[y]
            out[k] = min(u, v)
            x += u <= v
            y += v <= u
            k += 1
        while x < xe:
            out[k] = av[x]
            x += 1
            k += 1
        while y < ye:
            out[k] = bv[y]
            y += 1
            k += 1
