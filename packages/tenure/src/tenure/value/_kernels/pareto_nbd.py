"""Pareto/NBD: the integral over the unseen moment of leaving, with both derivatives, by Gauss–Legendre panels."""

from __future__ import annotations

import math
from typing import Any

from tenure.compiling import njit

_DEEP = 40.0  # exp(−40) is nothing beside 1
_LONG, _STEEP = 4.0, 16.0  # of one panel of 16 nodes: its length, its fall in logarithms
_SHORT, _FLAT, _FEW = 1.2, 3.0, 8  # 8 nodes do for one so short and flat


@njit(cache=True, nogil=True)
def panels(k: float, s: float, least: float, alpha: float, beta: float, t: float, T: float) -> Any:
    """Where v = log(least + y) begins, how long it runs, in how many panels, and between which of `rules()`' nodes.

    The integrand's logarithm is concave in v with slope −ρ, and ρ = k(least + y)/(α + y) + (s + 1)(least + y)/(β + y)
    − 1 ≥ −1 grows with y: nothing that matters lies beyond where it has fallen by 40, and it rises by no more than v.
    """
    begin = math.log(least + t)
    length = math.log((least + T) / (least + t))
    slope = k * (least + t) / (alpha + t) + (s + 1) * (least + t) / (beta + t) - 1
    if slope > 0 and length * slope > _DEEP:
        length = _DEEP / slope
    last = (least + t) * math.exp(length) - least
    slope = k * (least + last) / (alpha + last) + (s + 1) * (least + last) / (beta + last) - 1
    fall = abs(slope) * length
    if length < _SHORT and fall < _FLAT:
        return begin, length, 1, 0, _FEW
    if fall > _STEEP:
        length, fall = cut(k, s, least, alpha, beta, t, length)
    return begin, length, 1 + int(max(length / _LONG, fall / _STEEP)), _FEW, _FEW + 16


@njit(cache=True, nogil=True)
def cut(k: float, s: float, least: float, alpha: float, beta: float, t: float, length: float) -> Any:
    """The length after which the logarithm has fallen by about 40, or all of it; and its fall.

    Newton's steps from beyond: a tangent of what is concave lies above it, so that none of them goes too far.
    """
    fall = 0.0
    for _ in range(60):
        y = (least + t) * math.exp(length) - least
        fall = k * math.log((alpha + y) / (alpha + t)) + (s + 1) * math.log((beta + y) / (beta + t)) - length
        if fall < 1.25 * _DEEP:
            break
        slope = k * (least + y) / (alpha + y) + (s + 1) * (least + y) / (beta + y) - 1
        length -= (fall - _DEEP) / slope
    return length, fall


@njit(cache=True, nogil=True)
def add_rows(
    begin: int, end: int, x: Any, t: Any, T: Any, weight: Any,
    r: float, alpha: float, s: float, beta: float, nodes: Any, weights: Any, out: Any,
) -> None:  # fmt: skip
    """Σ weight · log(e^c(T) + ∫ e^c(y) dy), y from t to T, over rows begin..end into `out`: value, 4 first and 10
    second derivatives, in the order rr rα rs rβ αα αs αβ ss sβ ββ.

    c(T) = −(r + x) log(α + T) − s log(β + T) and c(y) = log s − (r + x) log(α + y) − (s + 1) log(β + y). Gradient and
    Hessian are those of a mixture: E[∇c] and E[∇²c + ∇c∇cᵀ] − E[∇c]E[∇c]ᵀ, E weighted by e^c.
    """
    least = min(alpha, beta)
    log_s = math.log(s)
    for q in range(15):
        out[q] = 0.0
    for i in range(begin, end):
        n, k = weight[i], r + x[i]
        la, lb = math.log(alpha + T[i]), math.log(beta + T[i])
        pa, pb = 1 / (alpha + T[i]), 1 / (beta + T[i])
        top = -k * la - s * lb
        g0, g1, g2, g3 = -la, -k * pa, -lb, -s * pb
        w0 = 1.0
        m0, m1, m2, m3 = g0, g1, g2, g3
        h00, h01, h02, h03 = g0 * g0, g0 * g1 - pa, g0 * g2, g0 * g3
        h11, h12, h13 = g1 * g1 + k * pa * pa, g1 * g2, g1 * g3
        h22, h23, h33 = g2 * g2, g2 * g3 - pb, g3 * g3 + s * pb * pb
        if T[i] > t[i]:
            start, length, count, first, last = panels(k, s, least, alpha, beta, t[i], T[i])
            step = length / count
            near = log_s - k * math.log(alpha + t[i]) - (s + 1) * math.log(beta + t[i]) + start
            if near > top:  # measure from the larger of the two, so that nothing overflows
                shift = math.exp(top - near)
                w0 *= shift
                m0, m1, m2, m3 = m0 * shift, m1 * shift, m2 * shift, m3 * shift
                h00, h01, h02, h03 = h00 * shift, h01 * shift, h02 * shift, h03 * shift
                h11, h12, h13 = h11 * shift, h12 * shift, h13 * shift
                h22, h23, h33 = h22 * shift, h23 * shift, h33 * shift
                top = near
            for j in range(count):
                for p in range(first, last):
                    v = start + step * (j + nodes[p])
                    e = math.exp(v)
                    y = e - least
                    la = v if alpha == least else math.log(alpha + y)
                    lb = v if beta == least else math.log(beta + y)
                    pa, pb = 1 / (alpha + y), 1 / (beta + y)
                    w = step * weights[p] * math.exp(log_s - k * la - (s + 1) * lb + v - top)
                    g0, g1, g2, g3 = -la, -k * pa, 1 / s - lb, -(s + 1) * pb
                    w0 += w
                    m0 += w * g0
                    m1 += w * g1
                    m2 += w * g2
                    m3 += w * g3
                    h00 += w * g0 * g0
                    h01 += w * (g0 * g1 - pa)
                    h02 += w * g0 * g2
                    h03 += w * g0 * g3
                    h11 += w * (g1 * g1 + k * pa * pa)
                    h12 += w * g1 * g2
                    h13 += w * g1 * g3
                    h22 += w * (g2 * g2 - 1 / (s * s))
                    h23 += w * (g2 * g3 - pb)
                    h33 += w * (g3 * g3 + (s + 1) * pb * pb)
        m0, m1, m2, m3 = m0 / w0, m1 / w0, m2 / w0, m3 / w0
        out[0] += n * (top + math.log(w0))
        out[1] += n * m0
        out[2] += n * m1
        out[3] += n * m2
        out[4] += n * m3
        out[5] += n * (h00 / w0 - m0 * m0)
        out[6] += n * (h01 / w0 - m0 * m1)
        out[7] += n * (h02 / w0 - m0 * m2)
        out[8] += n * (h03 / w0 - m0 * m3)
        out[9] += n * (h11 / w0 - m1 * m1)
        out[10] += n * (h12 / w0 - m1 * m2)
        out[11] += n * (h13 / w0 - m1 * m3)
        out[12] += n * (h22 / w0 - m2 * m2)
        out[13] += n * (h23 / w0 - m2 * m3)
        out[14] += n * (h33 / w0 - m3 * m3)


@njit(cache=True, nogil=True)
def fill_odds(
    begin: int, end: int, x: Any, t: Any, T: Any,
    r: float, alpha: float, s: float, beta: float, nodes: Any, weights: Any, out: Any,
) -> None:  # fmt: skip
    """log of the odds of having left by T: the integral over the moment of leaving beside the chance to have stayed."""
    least = min(alpha, beta)
    for i in range(begin, end):
        if T[i] <= t[i]:
            out[i] = -math.inf
            continue
        k = r + x[i]
        start, length, count, first, last = panels(k, s, least, alpha, beta, t[i], T[i])
        step = length / count
        top = -k * math.log(alpha + t[i]) - (s + 1) * math.log(beta + t[i]) + start
        total = 0.0
        for j in range(count):
            for p in range(first, last):
                v = start + step * (j + nodes[p])
                y = math.exp(v) - least
                la = v if alpha == least else math.log(alpha + y)
                lb = v if beta == least else math.log(beta + y)
                total += step * weights[p] * math.exp(-k * la - (s + 1) * lb + v - top)
        stayed = -k * math.log(alpha + T[i]) - s * math.log(beta + T[i])
        out[i] = math.log(s) + top + math.log(total) - stayed
