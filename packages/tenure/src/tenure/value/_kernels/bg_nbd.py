"""BG/NBD: the part of the log-likelihood that differs from row to row, with both derivatives."""

from __future__ import annotations

import math
from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def add_rows(
    begin: int, end: int, x: Any, t: Any, T: Any, weight: Any, r: float, alpha: float, a: float, b: float, out: Any
) -> None:
    """Σ weight · log(e^c1 + e^c2) over rows begin..end into `out`: value, 4 first and 10 second derivatives.

    c1 = −(r + x) log(α + T) and, for x > 0, c2 = log a − log(b + x − 1) − (r + x) log(α + t). With w the share of
    c2, gradient and Hessian are those of a mixture: Σ w ∇c, and Σ w (∇²c + ∇c∇cᵀ) − gradient gradientᵀ.
    Second derivatives in the order rr rα ra rb αα αa αb aa ab bb.
    """
    v = g0 = g1 = g2 = g3 = 0.0
    h00 = h01 = h02 = h03 = h11 = h12 = h13 = h22 = h23 = h33 = 0.0
    log_a, per_a = math.log(a), 1 / a
    for i in range(begin, end):
        n, k = weight[i], r + x[i]
        far = 1 / (alpha + T[i])
        log_far = math.log(alpha + T[i])
        c1 = -k * log_far
        if x[i] == 0:
            v += n * c1
            g0 -= n * log_far
            g1 -= n * k * far
            h01 -= n * far
            h11 += n * k * far * far
            continue
        near = 1 / (alpha + t[i])
        log_near = math.log(alpha + t[i])
        per_b = 1 / (b + x[i] - 1)
        c2 = log_a + math.log(per_b) - k * log_near
        gap = c2 - c1
        if gap > 0:
            e = math.exp(-gap)
            w = 1 / (1 + e)
            v += n * (c2 + math.log1p(e))
        else:
            e = math.exp(gap)
            w = e / (1 + e)
            v += n * (c1 + math.log1p(e))
        u = 1 - w
        spread = w * u
        # differences of the two components' gradients
        d0, d1 = log_far - log_near, k * (far - near)
        g0 += n * (-u * log_far - w * log_near)
        g1 += n * (-u * k * far - w * k * near)
        g2 += n * w * per_a
        g3 -= n * w * per_b
        h00 += n * spread * d0 * d0
        h01 += n * (spread * d0 * d1 - u * far - w * near)
        h02 += n * spread * d0 * per_a
        h03 -= n * spread * d0 * per_b
        h11 += n * (spread * d1 * d1 + k * (u * far * far + w * near * near))
        h12 += n * spread * d1 * per_a
        h13 -= n * spread * d1 * per_b
        h22 += n * (spread - w) * per_a * per_a
        h23 -= n * spread * per_a * per_b
        h33 += n * (spread + w) * per_b * per_b
    out[0], out[1], out[2], out[3], out[4] = v, g0, g1, g2, g3
    out[5], out[6], out[7], out[8], out[9] = h00, h01, h02, h03, h11
    out[10], out[11], out[12], out[13], out[14] = h12, h13, h22, h23, h33


@njit(cache=True, nogil=True)
def fill_odds(
    begin: int, end: int, x: Any, t: Any, T: Any, r: float, alpha: float, a: float, b: float, out: Any
) -> None:
    """log of the odds of having left: log(a/(b + x − 1)) + (r + x) log((α + T)/(α + t)); −inf for x = 0."""
    for i in range(begin, end):
        if x[i] == 0:
            out[i] = -math.inf
        else:
            out[i] = math.log(a / (b + x[i] - 1)) + (r + x[i]) * math.log1p((T[i] - t[i]) / (alpha + t[i]))


@njit(cache=True, nogil=True)
def add_counts(more: Any, r: float, a: float, b: float, out: Any) -> None:
    """Σ over customers of log Γ(r+x)/Γ(r) + log B(a, b+x)/B(a, b) into `out`, as products: more[j] have x > j.

    No gamma function is needed, and nothing cancels however large the parameters are.
    """
    v = g0 = g2 = g3 = h0 = h2 = h3 = 0.0
    for j in range(len(more)):
        n = more[j]
        v += n * (math.log(r + j) + math.log((b + j) / (a + b + j)))
        per_r, per_b, per_ab = 1 / (r + j), 1 / (b + j), 1 / (a + b + j)
        g0 += n * per_r
        g2 -= n * per_ab
        g3 += n * (per_b - per_ab)
        h0 -= n * per_r * per_r
        h2 += n * per_ab * per_ab
        h3 += n * (per_ab * per_ab - per_b * per_b)
    out[0] += v
    out[1] += g0
    out[3] += g2
    out[4] += g3
    out[5] += h0
    out[12] += h2
    out[13] += h2
    out[14] += h3
