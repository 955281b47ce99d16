"""Compiled loops: what was known of each customer at a landmark, and weighted measures for the bootstrap."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tenure.compiling import njit

DAY: Final = 86_400_000_000
FIXED: Final = 8  # tenure, recency, count, days, mean interval, spread of intervals, amount, kinds


@njit(cache=True, nogil=True)
def known_at(
    first: int, last: int, chosen: Any, starts: Any, occurred: Any, recorded: Any, day: Any, activity: Any,
    leaving: Any, name: Any, amount: Any, landmark: int, windows: Any, names: int, active_from: int,
    out: Any, active: Any,
) -> None:  # fmt: skip
    """Fill out[c] for customers first..last from facts that had occurred and were recorded by `landmark`.

    Facts are sorted by customer and occurrence. `active[c]` tells who was seen after `active_from` and has not left.
    """
    count, width = len(windows), windows.max() * DAY
    per_name = FIXED + 3 * count
    for c in range(first, last):
        active[c] = False
        if not chosen[c]:
            continue
        begun, latest, left_at = np.int64(-1), np.int64(0), np.int64(-1)
        total, days, previous, squares, paid = 0, 0, np.int64(0), 0.0, 0.0
        first_day, kinds = np.int64(0), np.uint64(0)
        row = out[c]
        row[:] = 0.0
        for n in range(names):
            row[per_name + names + n] = np.nan
        for i in range(starts[c], starts[c + 1]):
            when = occurred[i]
            if when > landmark:
                break
            if recorded[i] > landmark:
                continue
            code = name[i]
            if code >= 0:
                if code < names:
                    row[per_name + names + code] = (landmark - when) / DAY
                if when > landmark - width:
                    kinds |= np.uint64(1) << np.uint64(min(code, 63))
                    if code < names:
                        row[per_name + code] += 1
            if leaving[i]:
                left_at = when
            if not activity[i]:
                continue
            is_new_day = total == 0 or day[i] != previous
            if total == 0:
                begun, first_day = when, day[i]
            elif is_new_day:
                squares += float(day[i] - previous) ** 2
            days += is_new_day
            previous, latest = day[i], when
            total += 1
            paid += amount[i]
            for w in range(count):
                if when > landmark - windows[w] * DAY:
                    row[FIXED + w] += 1
                    row[FIXED + count + w] += is_new_day or row[FIXED + count + w] == 0
                    row[FIXED + 2 * count + w] += amount[i]
        if total == 0 or latest <= active_from or left_at >= latest:
            continue
        active[c] = True
        row[0], row[1] = (landmark - begun) / DAY, (landmark - latest) / DAY
        row[2], row[3], row[6] = total, days, paid
        row[4], row[5] = np.nan, np.nan
        if days > 1:
            row[4] = (previous - first_day) / (days - 1)
        if days > 2:
            row[5] = np.sqrt(max(0.0, squares / (days - 1) - row[4] ** 2))
        while kinds:
            row[7] += 1
            kinds &= kinds - np.uint64(1)


@njit(cache=True, nogil=True)
def happened(
    first: int, last: int, active: Any, starts: Any, occurred: Any, activity: Any, leaving: Any, landmark: int,
    opens: int, closes: int, by_leaving: bool, out: Any,
) -> None:  # fmt: skip
    """What happened in (opens, closes]: 1 left, 0 stayed, -1 left before the window opened."""
    for c in range(first, last):
        if not active[c]:
            continue
        out[c] = 0 if by_leaving else 1
        for i in range(starts[c], starts[c + 1]):
            when = occurred[i]
            if when <= landmark:
                continue
            if when > closes:
                break
            if by_leaving:
                if leaving[i]:
                    out[c] = 1 if when > opens else -1
                    break
            elif when > opens and activity[i]:
                out[c] = 0
                break


@njit(cache=True, nogil=True)
def weighted(ends: Any, left: Any, probability: Any, weight: Any, share: float, out: Any) -> None:
    """AUC, average precision, Brier score and lift of the top share into out[0..3]; rows by falling score.

    ends[g] is one past the last row of the gth group of equal scores.
    """
    lost, stayed, squares = 0.0, 0.0, 0.0
    for i in range(len(left)):
        if left[i]:
            lost += weight[i]
            squares += weight[i] * (1.0 - probability[i]) ** 2
        else:
            stayed += weight[i]
            squares += weight[i] * probability[i] ** 2
    everybody = lost + stayed
    if lost == 0 or stayed == 0:
        out[:] = np.nan
        return
    room = share * everybody
    found, passed, area, precision, top, i = 0.0, 0.0, 0.0, 0.0, 0.0, 0
    for end in ends:
        hits, misses = 0.0, 0.0
        while i < end:
            if left[i]:
                hits += weight[i]
            else:
                misses += weight[i]
            i += 1
        here = hits + misses
        if here == 0:
            continue
        before = found + passed
        if before < room:
            top += hits * min(1.0, (room - before) / here)
        area += misses * (found + 0.5 * hits)
        found += hits
        passed += misses
        precision += hits * found / (found + passed)
    out[0], out[1] = area / (lost * stayed), precision / lost
    out[2], out[3] = squares / everybody, top / lost / share


@njit(cache=True, nogil=True)
def tree_values(
    first: int, last: int, rows: Any, roots: Any, column: Any, threshold: Any, missing_left: Any, left: Any,
    right: Any, value: Any, out: Any,
) -> None:  # fmt: skip
    """The sum of the leaves that each row ends in; column -1 marks a leaf."""
    for r in range(first, last):
        total = 0.0
        for root in roots:
            node = root
            while column[node] >= 0:
                x = rows[r, column[node]]
                goes_left = missing_left[node] if np.isnan(x) else x <= threshold[node]
                node = left[node] if goes_left else right[node]
            total += value[node]
        out[r] = total


@njit(cache=True, nogil=True)
def tree_shares(
    first: int, last: int, rows: Any, usual: Any, roots: Any, column: Any, threshold: Any, missing_left: Any,
    left: Any, right: Any, value: Any, shared: Any, out: Any,
) -> None:  # fmt: skip
    """Exact Shapley shares of each column in f(row) - f(usual), against one reference customer.

    A leaf counts for a mixture of the two exactly when each column on its path is taken from whoever goes its way:
    from the row for the set A, from the reference for B. Its value v then gives v·(a-1)!b!/(a+b)! to each column of A
    and -v·a!(b-1)!/(a+b)! to each of B. shared[a, b] is a!b!/(a+b+1)!.
    """
    depth = 64
    nodes = np.empty(depth, np.int64)
    marks = np.empty((depth, out.shape[1]), np.int8)
    for r in range(first, last):
        for root in roots:
            top = 0
            nodes[0] = root
            marks[0, :] = 0
            while top >= 0:
                node = nodes[top]
                if column[node] < 0:
                    a, b = 0, 0
                    for k in range(out.shape[1]):
                        a += marks[top, k] == 1
                        b += marks[top, k] == 2
                    for k in range(out.shape[1]):
                        if marks[top, k] == 1:
                            out[r, k] += value[node] * shared[a - 1, b]
                        elif marks[top, k] == 2:
                            out[r, k] -= value[node] * shared[a, b - 1]
                    top -= 1
                    continue
                k = column[node]
                x, u = rows[r, k], usual[k]
                own = missing_left[node] if np.isnan(x) else x <= threshold[node]
                other = missing_left[node] if np.isnan(u) else u <= threshold[node]
                mark = marks[top, k]
                if mark == 1:
                    other = own
                elif mark == 2:
                    own = other
                own_way, other_way = (left[node] if own else right[node]), (left[node] if other else right[node])
                nodes[top] = own_way
                if own_way != other_way:
                    nodes[top + 1] = other_way
                    marks[top + 1, :] = marks[top, :]
                    marks[top + 1, k] = 2
                    marks[top, k] = 1
                    top += 1
