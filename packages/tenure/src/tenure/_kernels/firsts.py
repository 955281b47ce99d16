"""First facts, and the stretches between changes of segment."""

from __future__ import annotations

from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def first_facts(codes: Any, moments: Any, chosen: Any, least: Any, place: Any) -> None:
    """The least moment of each code and the first fact that has it; an empty `chosen` means every fact."""
    has_choice = len(chosen) > 0
    for i in range(len(codes)):
        if has_choice and not chosen[i]:
            continue
        c = codes[i]
        if moments[i] < least[c]:
            least[c] = moments[i]
            place[c] = i


@njit(cache=True, nogil=True)
def count_stretches(customer: Any, base: Any, high: Any, offsets: Any, stamps: Any, counts: Any) -> None:
    """How many pieces each birth becomes: one, and one more for each change after period 0."""
    for i in range(len(customer)):
        c = customer[i]
        n = 1
        for j in range(offsets[c], offsets[c + 1]):
            if 0 < stamps[j] - base[i] <= high[i]:
                n += 1
        counts[i] = n


@njit(cache=True, nogil=True)
def fill_stretches(
    customer: Any, base: Any, high: Any, offsets: Any, stamps: Any, labels: Any, unknown: int,
    at: Any, birth: Any, label: Any, low: Any, last: Any, is_born: Any,
) -> None:  # fmt: skip
    """The pieces of each birth: from one change of segment to the next."""
    for i in range(len(customer)):
        c, k = customer[i], at[i]
        birth[k], label[k], low[k], last[k], is_born[k] = i, unknown, 1, high[i], True
        for j in range(offsets[c], offsets[c + 1]):
            n = stamps[j] - base[i]
            if n <= 0:
                label[k] = labels[j]
            elif n <= high[i]:
                last[k] = n - 1
                k += 1
                birth[k], label[k], low[k], last[k], is_born[k] = i, labels[j], n, high[i], False
