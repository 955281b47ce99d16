"""Counting who is at risk and who leaves, and the curves that follow from the counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenure.compiling import njit

_ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def count_whole(times: Any, left: Any, ended: Any, lost: Any) -> bool:
    """Tally whole-number durations below len(ended) by value; False, half done, as soon as one is not such a number."""
    most = len(ended)
    for i in range(len(times)):
        time = times[i]
        if not 0 <= time < most:
            return False
        place = int(time)
        if place != time:
            return False
        ended[place] += 1
        lost[place] += left[i]
    return True


@njit(cache=True, nogil=True)
def ends_of(numbers: Any) -> Any:
    """The lowest and the highest number; NaN is passed over."""
    low, high = np.inf, -np.inf
    for i in range(len(numbers)):
        if numbers[i] < low:
            low = numbers[i]
        if numbers[i] > high:
            high = numbers[i]
    return low, high


@njit(cache=True, nogil=True)
def pack(times: Any, left: Any, keys: Any, pivot: Any) -> int:
    """A duration's bits with who left in the last place, keys below `pivot` first; how many of those there are.

    Non-negative floats keep their order as whole numbers, and the shift drops the sign of −0.0.
    """
    bits = times.view(np.uint64)
    low, high = 0, len(times)
    for i in range(len(times)):
        key = (bits[i] << _ONE) | np.uint64(left[i])
        if key < pivot:
            keys[low] = key
            low += 1
        else:
            high -= 1
            keys[high] = key
    return low


@njit(cache=True, nogil=True)
def count_stretches(times: Any, scale: float, sizes: Any) -> None:
    """How many durations fall into each of the equal stretches of time."""
    for i in range(len(times)):
        sizes[int(times[i] * scale)] += 1


@njit(cache=True, nogil=True)
def lay_out(times: Any, left: Any, scale: float, starts: Any, keys: Any) -> None:
    """Keys as `pack` makes them, each within its stretch; `starts` is used up."""
    bits = times.view(np.uint64)
    for i in range(len(times)):
        stretch = int(times[i] * scale)
        keys[starts[stretch]] = (bits[i] << _ONE) | np.uint64(left[i])
        starts[stretch] += 1


@njit(cache=True, nogil=True)
def settle(first: int, last: int, sizes: Any, ends: Any, longest: int, keys: Any) -> None:
    """Put the keys of every stretch but the long ones in order, by insertion."""
    for stretch in range(first, last):
        if sizes[stretch] > longest:
            continue
        start = ends[stretch] - sizes[stretch]
        for i in range(start + 1, ends[stretch]):
            key, j = keys[i], i - 1
            while j >= start and keys[j] > key:
                keys[j + 1] = keys[j]
                j -= 1
            keys[j + 1] = key


@njit(cache=True, nogil=True)
def count_sorted(keys: Any, ended: Any, lost: Any) -> int:
    """Tally sorted keys; their first places become the distinct durations' bits, and the answer is how many."""
    found = -1
    last = np.uint64(0)
    for i in range(len(keys)):
        key = keys[i]
        if found < 0 or (key >> _ONE) != last:
            found += 1
            last = key >> _ONE
            ended[found], lost[found] = 0, 0
            keys[found] = last
        ended[found] += 1
        lost[found] += int(key & _ONE)
    return found + 1


@njit(cache=True, nogil=True)
def running(ended: Any, lost: Any, at_risk: Any, alive: Any, hazard: Any, greenwood: Any, spread: Any) -> None:
    """S, Nelson–Aalen's H and both variances as running products and sums; greenwood is infinite once S is 0."""
    left = 0
    for i in range(len(ended)):
        left += ended[i]
    product, total, variance, square = 1.0, 0.0, 0.0, 0.0
    for i in range(len(ended)):
        at_risk[i] = left
        d = lost[i]
        if d > 0:
            share = d / left
            product = product * (1.0 - share) if d < left else 0.0
            total += share
            variance = variance + d / (left * float(left - d)) if d < left else np.inf
            square += share / left
        alive[i], hazard[i], greenwood[i], spread[i] = product, total, variance, square
        left -= ended[i]


@njit(cache=True, nogil=True)
def compare_groups(
    time: Any, left: Any, group: Any, weighting: int, power: Any, at_risk: Any,
    observed: Any, expected: Any, score: Any, variance: Any,
) -> None:  # fmt: skip
    """Add one stratum, sorted by time: observed and expected by group, weighted score O − E and its variance.

    `at_risk` holds each group's size at the beginning and is used up. Weights: 0 one, 1 n, 2 √n, 3 S(t−) (Peto and
    Peto's), 4 S(t−)^p (1 − S(t−))^q (Fleming and Harrington's).
    """
    count = len(at_risk)
    gone = np.zeros(count, np.int64)
    deaths = np.zeros(count, np.int64)
    alive, pooled, i = 1.0, 1.0, 0
    total = len(time)
    while i < len(time):
        j, lost = i, 0
        while j < len(time) and time[j] == time[i]:
            gone[group[j]] += 1
            if left[j]:
                deaths[group[j]] += 1
                lost += 1
            j += 1
        if lost > 0:
            n = float(total)
            if weighting == 0:
                w = 1.0
            elif weighting == 1:
                w = n
            elif weighting == 2:
                w = np.sqrt(n)
            elif weighting == 3:
                pooled *= 1.0 - lost / (n + 1.0)
                w = pooled
            else:
                w = alive ** power[0] * (1.0 - alive) ** power[1]
            spread = w * w * lost * (n - lost) / (n - 1.0) if total > 1 else 0.0
            for a in range(count):
                share = at_risk[a] / n
                observed[a] += deaths[a]
                expected[a] += lost * share
                score[a] += w * (deaths[a] - lost * share)
                for b in range(a, count):
                    variance[a, b] += spread * share * ((1.0 if a == b else 0.0) - at_risk[b] / n)
            alive *= 1.0 - lost / n
        for a in range(count):
            at_risk[a] -= gone[a]
            gone[a], deaths[a] = 0, 0
        total -= j - i
        i = j


@njit(cache=True, nogil=True)
def agreeing_pairs(starts: Any, left: Any, rank: Any, ranks: int, counts: Any) -> None:
    """Harrell's pairs over rows by time, latest first: counts[0] in agreement, [1] tied in rank, [2] comparable.

    Rows starts[b]:starts[b + 1] share one time; who leaves is compared with everybody seen longer, and with whoever
    was censored at the same time. A Fenwick tree holds how many have each rank or a lower one.
    """
    tree = np.zeros(ranks + 1, np.int64)
    same = np.zeros(ranks, np.int64)
    total = 0
    for b in range(len(starts) - 1):
        for turn in range(3):
            for i in range(starts[b], starts[b + 1]):
                if turn == 1:
                    if left[i]:
                        counts[2] += total
                        counts[1] += same[rank[i]]
                        k = rank[i]
                        while k > 0:
                            counts[0] += tree[k]
                            k -= k & -k
                elif bool(left[i]) == (turn == 2):
                    k = rank[i] + 1
                    same[rank[i]] += 1
                    while k <= ranks:
                        tree[k] += 1
                        k += k & -k
                    total += 1
