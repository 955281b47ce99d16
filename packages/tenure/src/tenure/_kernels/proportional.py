"""Cox's partial likelihood with its first two derivatives, and what is read off a fit.

Triangles hold the upper half of a symmetric matrix row by row. Efron's denominators for d leavers at one time are
S − (l/d)·D, l = 0..d−1, where S sums over everybody at risk and D over the leavers; Breslow's are S each time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def gather(first: int, last: int, column: Any, order: Any, centre: float, scale: float, place: int, out: Any) -> float:
    """One covariate standardised into its place of each row, in the order asked for (an empty order: as they come).

    The answer is the largest standardised value, either side of zero.
    """
    is_ordered = len(order) > 0
    widest = 0.0
    for i in range(first, last):
        value = (column[order[i] if is_ordered else i] - centre) / scale
        out[i, place] = value
        widest = max(widest, abs(value))
    return widest


@njit(cache=True, nogil=True)
def code_whole(times: Any, most: int, strata: Any, codes: Any, sizes: Any) -> bool:
    """A code per (stratum, whole time), latest time first, and how many have it; False where a time is not whole."""
    has_strata = len(strata) > 0
    for i in range(len(times)):
        time = times[i]
        whole = int(time)
        if whole != time:
            return False
        code = most - 1 - whole + (strata[i] * most if has_strata else 0)
        codes[i] = code
        sizes[code] += 1
    return True


@njit(cache=True, nogil=True)
def renumber(codes: Any, place: Any, left: Any, deaths: Any) -> None:
    """Codes made into places, and how many left at each."""
    for i in range(len(codes)):
        codes[i] = place[codes[i]]
        if left[i]:
            deaths[codes[i]] += 1


@njit(cache=True, nogil=True, inline="always")
def _predict(x: Any, i: int, beta: Any) -> float:
    total = 0.0
    for j in range(len(beta)):
        total += x[i, j] * beta[j]
    return total


@njit(cache=True, nogil=True)
def add_rows(
    first: int, last: int, x: Any, beta: Any, block: Any, left: Any, sums: Any, leavers: Any, flat: Any
) -> float:  # fmt: skip
    """Sums by block (a time in a stratum), rows in any order: [weight, weighted x, weighted x xᵀ as a triangle].

    `sums` is over everybody, `leavers` over those who left; `flat` gets the leavers' plain sum of x; the answer is
    their sum of predictions. Exponentials are taken as they come: the caller has seen that none is extreme.
    """
    p = len(beta)
    told = 0.0
    for i in range(first, last):
        b = block[i]
        eta = _predict(x, i, beta)
        w = np.exp(eta)
        sums[b, 0] += w
        k = p + 1
        for j in range(p):
            v = w * x[i, j]
            sums[b, 1 + j] += v
            for m in range(j, p):
                sums[b, k] += v * x[i, m]
                k += 1
        if left[i]:
            told += eta
            leavers[b, 0] += w
            k = p + 1
            for j in range(p):
                v = w * x[i, j]
                flat[j] += x[i, j]
                leavers[b, 1 + j] += v
                for m in range(j, p):
                    leavers[b, k] += v * x[i, m]
                    k += 1
    return told


@njit(cache=True, nogil=True)
def finish_blocks(
    opens: Any, deaths: Any, sums: Any, leavers: Any, efron: bool, gradient: Any, information: Any
) -> float:  # fmt: skip
    """Run blocks from the latest time to the first (opens[b]: a stratum begins); minus the log denominators."""
    p = len(gradient)
    risk = np.zeros(sums.shape[1])
    total = 0.0
    for b in range(len(deaths)):
        if opens[b]:
            risk[:] = 0.0
        for k in range(len(risk)):
            risk[k] += sums[b, k]
        if deaths[b] > 0:
            total -= _at_one_time(deaths[b], risk, leavers[b], efron, p, gradient, information)
    return total


@njit(cache=True, nogil=True)
def _at_one_time(d: int, risk: Any, own: Any, efron: bool, p: int, gradient: Any, information: Any) -> float:
    """Σ log denominators of d leavers at one time; takes the weighted mean from gradient, adds the spread."""
    log, a0, a1, b0, b1, b2 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if efron and d > 1:
        for k in range(d):
            c = k / d
            inverse = 1.0 / (risk[0] - c * own[0])
            log -= np.log(inverse)
            a0 += inverse
            a1 += c * inverse
            b0 += inverse * inverse
            b1 += c * inverse * inverse
            b2 += c * c * inverse * inverse
    else:
        inverse = 1.0 / risk[0]
        log, a0, b0 = -d * np.log(inverse), d * inverse, d * inverse * inverse
    k = p + 1
    for j in range(p):
        s, o = risk[1 + j], own[1 + j]
        gradient[j] -= s * a0 - o * a1
        left, right = s * b0 - o * b1, s * b1 - o * b2
        for m in range(j, p):
            information[j, m] += risk[k] * a0 - own[k] * a1 - left * risk[1 + m] + right * own[1 + m]
            k += 1
    return log


@njit(cache=True, nogil=True)
def run_sorted(
    x: Any, beta: Any, is_extreme: bool, starts: Any, opens: Any, left: Any, efron: bool,
    gradient: Any, information: Any,
) -> float:  # fmt: skip
    """The log partial likelihood of rows sorted by stratum and time, latest first; starts[b] is where a time begins.

    With predictions so far apart that exponentials vanish, sums are kept relative to the highest one so far.
    """
    p = len(beta)
    size = 1 + p + p * (p + 1) // 2
    risk, own = np.zeros(size), np.zeros(size)
    total, shift = 0.0, 0.0
    for b in range(len(starts) - 1):
        if opens[b]:
            risk[:] = 0.0
            if is_extreme:
                shift = -np.inf
        if is_extreme:
            highest = shift
            for i in range(starts[b], starts[b + 1]):
                highest = max(highest, _predict(x, i, beta))
            if highest > shift:
                risk *= np.exp(shift - highest)
                shift = highest
        d = 0
        for i in range(starts[b], starts[b + 1]):
            d += left[i]
        is_tied = efron and d > 1
        if is_tied:
            own[:] = 0.0
        for i in range(starts[b], starts[b + 1]):
            eta = _predict(x, i, beta) - shift
            w = np.exp(eta)
            risk[0] += w
            k = p + 1
            for j in range(p):
                v = w * x[i, j]
                risk[1 + j] += v
                for m in range(j, p):
                    risk[k] += v * x[i, m]
                    k += 1
            if left[i]:
                total += eta
                for j in range(p):
                    gradient[j] += x[i, j]
                if is_tied:
                    own[0] += w
                    k = p + 1
                    for j in range(p):
                        v = w * x[i, j]
                        own[1 + j] += v
                        for m in range(j, p):
                            own[k] += v * x[i, m]
                            k += 1
        if d > 0:
            total -= _at_one_time(d, risk, own, efron, p, gradient, information)
    return total


@njit(cache=True, nogil=True)
def extremes(x: Any, starts: Any, opens: Any, left: Any, slack: float, found: Any) -> None:
    """Per column, whether every leaver had the highest (found[0]) or lowest (found[1]) value of those at risk.

    found[2] says whether the column ever differed among those at risk when somebody left.
    """
    p = x.shape[1]
    high, low = np.empty(p), np.empty(p)
    found[0], found[1], found[2] = True, True, False
    for b in range(len(starts) - 1):
        if opens[b]:
            high[:], low[:] = -np.inf, np.inf
        d = 0
        for i in range(starts[b], starts[b + 1]):
            d += left[i]
            for j in range(p):
                high[j], low[j] = max(high[j], x[i, j]), min(low[j], x[i, j])
        if d == 0:
            continue
        for j in range(p):
            if high[j] > low[j]:
                found[2, j] = True
        for i in range(starts[b], starts[b + 1]):
            if left[i]:
                for j in range(p):
                    if x[i, j] < high[j] - slack:
                        found[0, j] = False
                    if x[i, j] > low[j] + slack:
                        found[1, j] = False


@njit(cache=True, nogil=True)
def hazards(
    x: Any, weight: Any, starts: Any, opens: Any, left: Any, efron: bool, jump: Any, own: Any, mean: Any, own_mean: Any
) -> None:  # fmt: skip
    """Per block: the baseline's jump Σ 1/φ, what of it the leavers themselves bear, and both times the mean of x.

    `mean` is Σ x̄/φ over the denominators φ of the block, `own_mean` the same with each leaver's part.
    """
    p = x.shape[1]
    risk, gone = np.zeros(1 + p), np.zeros(1 + p)
    for b in range(len(starts) - 1):
        if opens[b]:
            risk[:] = 0.0
        gone[:] = 0.0
        d = 0
        for i in range(starts[b], starts[b + 1]):
            risk[0] += weight[i]
            for j in range(p):
                risk[1 + j] += weight[i] * x[i, j]
            if left[i]:
                d += 1
                gone[0] += weight[i]
                for j in range(p):
                    gone[1 + j] += weight[i] * x[i, j]
        for k in range(d):
            c = k / d if efron else 0.0
            inverse = 1.0 / (risk[0] - c * gone[0])
            jump[b] += inverse
            own[b] += (1.0 - c) * inverse
            for j in range(p):
                centre = (risk[1 + j] - c * gone[1 + j]) * inverse
                mean[b, j] += centre * inverse
                own_mean[b, j] += (1.0 - c) * centre * inverse


@njit(cache=True, nogil=True)
def centres(x: Any, weight: Any, starts: Any, opens: Any, left: Any, efron: bool, out: Any) -> None:
    """The mean of x among those at risk at each block, as its leavers were compared with it."""
    p = x.shape[1]
    risk, gone = np.zeros(1 + p), np.zeros(1 + p)
    for b in range(len(starts) - 1):
        if opens[b]:
            risk[:] = 0.0
        gone[:] = 0.0
        d = 0
        for i in range(starts[b], starts[b + 1]):
            risk[0] += weight[i]
            for j in range(p):
                risk[1 + j] += weight[i] * x[i, j]
            if left[i]:
                d += 1
                gone[0] += weight[i]
                for j in range(p):
                    gone[1 + j] += weight[i] * x[i, j]
        for k in range(d):
            c = k / d if efron else 0.0
            inverse = 1.0 / (risk[0] - c * gone[0])
            for j in range(p):
                out[b, j] += (risk[1 + j] - c * gone[1 + j]) * inverse / d


@njit(cache=True, nogil=True)
def score_residuals(
    x: Any, weight: Any, starts: Any, opens: Any, left: Any, jump: Any, own: Any, mean: Any, own_mean: Any,
    centre: Any, out: Any,
) -> None:  # fmt: skip
    """Each row's part of the score: what it did when it left, minus what it bore while at risk (earliest first)."""
    p = x.shape[1]
    borne = 0.0
    with_x = np.zeros(p)
    for b in range(len(starts) - 2, -1, -1):
        for i in range(starts[b], starts[b + 1]):
            bears = borne + (own[b] if left[i] else jump[b])
            for j in range(p):
                along = with_x[j] + (own_mean[b, j] if left[i] else mean[b, j])
                out[i, j] = -weight[i] * (x[i, j] * bears - along)
                if left[i]:
                    out[i, j] += x[i, j] - centre[b, j]
        borne += jump[b]
        for j in range(p):
            with_x[j] += mean[b, j]
        if opens[b]:
            borne = 0.0
            with_x[:] = 0.0
