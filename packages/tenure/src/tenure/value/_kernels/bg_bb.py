"""BG/BB: the sum over the unseen period of leaving, with both derivatives, from tables of gamma functions."""

from __future__ import annotations

import math
from typing import Any

from tenure.compiling import njit

# Places in the first dimension of the tables: α + j, β + j, α + β + j, γ + j, δ + j, γ + δ + j.
_A, _B, _AB, _G, _D, _GD = 0, 1, 2, 3, 4, 5


@njit(cache=True, nogil=True)
def log_weight(table: Any, x: int, misses: int, e: int, d: int) -> float:
    """log B(α + x, β + misses) + log B(γ + e, δ + d)."""
    return table[_A, x] + table[_B, misses] - table[_AB, x + misses] + table[_G, e] + table[_D, d] - table[_GD, e + d]


@njit(cache=True, nogil=True)
def add_rows(
    begin: int, end: int, x: Any, t: Any, n: Any, weight: Any, value: Any, first: Any, second: Any, out: Any
) -> None:
    """Σ weight · log(Σ e^c) over rows begins..end into `out`: value, 4 first and 10 second derivatives.

    One c for having stayed through all n, one for leaving after each period from t on. `value`, `first` and `second`
    are tables of log Γ, ψ and ψ′. Order of the second derivatives: αα αβ αγ αδ ββ βγ βδ γγ γδ δδ.
    """
    for q in range(15):
        out[q] = 0.0
    for i in range(begin, end):
        hits, last, chances = x[i], t[i], n[i]
        top = log_weight(value, hits, chances - hits, 0, chances)
        for j in range(last, chances):
            top = max(top, log_weight(value, hits, j - hits, 1, j))
        w0 = m0 = m1 = m2 = m3 = 0.0
        h00 = h01 = h02 = h03 = h11 = h12 = h13 = h22 = h23 = h33 = 0.0
        for j in range(last, chances + 1):
            e = 1 if j < chances else 0
            misses = j - hits
            w = math.exp(log_weight(value, hits, misses, e, j) - top)
            both, all_ = first[_AB, hits + misses], first[_GD, e + j]
            g0, g1 = first[_A, hits] - both, first[_B, misses] - both
            g2, g3 = first[_G, e] - all_, first[_D, j] - all_
            both, all_ = second[_AB, hits + misses], second[_GD, e + j]
            w0 += w
            m0 += w * g0
            m1 += w * g1
            m2 += w * g2
            m3 += w * g3
            h00 += w * (g0 * g0 + second[_A, hits] - both)
            h01 += w * (g0 * g1 - both)
            h02 += w * g0 * g2
            h03 += w * g0 * g3
            h11 += w * (g1 * g1 + second[_B, misses] - both)
            h12 += w * g1 * g2
            h13 += w * g1 * g3
            h22 += w * (g2 * g2 + second[_G, e] - all_)
            h23 += w * (g2 * g3 - all_)
            h33 += w * (g3 * g3 + second[_D, j] - all_)
        m0, m1, m2, m3 = m0 / w0, m1 / w0, m2 / w0, m3 / w0
        c = weight[i]
        out[0] += c * (top + math.log(w0))
        out[1] += c * m0
        out[2] += c * m1
        out[3] += c * m2
        out[4] += c * m3
        out[5] += c * (h00 / w0 - m0 * m0)
        out[6] += c * (h01 / w0 - m0 * m1)
        out[7] += c * (h02 / w0 - m0 * m2)
        out[8] += c * (h03 / w0 - m0 * m3)
        out[9] += c * (h11 / w0 - m1 * m1)
        out[10] += c * (h12 / w0 - m1 * m2)
        out[11] += c * (h13 / w0 - m1 * m3)
        out[12] += c * (h22 / w0 - m2 * m2)
        out[13] += c * (h23 / w0 - m2 * m3)
        out[14] += c * (h33 / w0 - m3 * m3)


@njit(cache=True, nogil=True)
def fill_odds(begin: int, end: int, x: Any, t: Any, n: Any, value: Any, out: Any) -> None:
    """log of the odds of having left by the last period."""
    for i in range(begin, end):
        stayed = log_weight(value, x[i], n[i] - x[i], 0, n[i])
        top = -math.inf
        for j in range(t[i], n[i]):
            top = max(top, log_weight(value, x[i], j - x[i], 1, j))
        total = 0.0
        for j in range(t[i], n[i]):
            total += math.exp(log_weight(value, x[i], j - x[i], 1, j) - top)
        out[i] = top + math.log(total) - stayed if total > 0 else -math.inf
