"""The union of two ascending lists per customer."""

from __future__ import annotations

from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def merge_lists(
    ac: Any, ao: Any, av: Any, bc: Any, bo: Any, bv: Any, customers: Any, offsets: Any, out: Any
) -> tuple[int, int]:
    """Write the union and say how many customers and values it has; those of `a` alone are copied in stretches.

    ac, ao and av are customers ascending, their offsets and their values; bc, bo and bv are the other side's.
    """
    n, k, i = 0, 0, 0
    offsets[0] = 0
    for j in range(len(bc) + 1):
        begin = i
        shift = k - ao[i]
        while i < len(ac) and (j == len(bc) or ac[i] < bc[j]):
            customers[n] = ac[i]
            offsets[n + 1] = ao[i + 1] + shift
            n += 1
            i += 1
        some = ao[i] - ao[begin]
        out[k : k + some] = av[ao[begin] : ao[i]]
        k += some
        if j == len(bc):
            break
        x, xe, y, ye = 0, 0, bo[j], bo[j + 1]
        if i < len(ac) and ac[i] == bc[j]:
            x, xe = ao[i], ao[i + 1]
            i += 1
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
        customers[n] = bc[j]
        n += 1
        offsets[n] = k
    return n, k
