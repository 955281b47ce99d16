"""Loops are compiled where nothing can be kept, and everything else that goes wrong is still said."""

from __future__ import annotations

from typing import Any

import numba
import pytest

from tenure import compiling


def half(number: int) -> float:
    return number / 2


@pytest.fixture
def nowhere_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """As numba answers where the package's folder and the home cannot be written to."""
    real = numba.njit

    def refusing(*given: Any, **options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function 'half': no locator available for file 'half.py'")
        return real(*given, **options)

    monkeypatch.setattr(numba, "njit", refusing)
    compiling._say_not_kept.cache_clear()


def test_a_loop_that_cannot_be_kept_is_compiled_all_the_same_and_it_is_said_once(nowhere_to_write: None) -> None:
    with pytest.warns(compiling.NotKept, match="set NUMBA_CACHE_DIR") as said:
        loops = [compiling.njit(cache=True, nogil=True)(half) for _ in range(3)]
    assert [loop(3) for loop in loops] == [1.5, 1.5, 1.5]
    assert loops[0].targetoptions["nogil"] is True
    assert len(said) == 1


def test_other_refusals_of_the_compiler_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(**options: object) -> object:
        raise RuntimeError("no processor")

    monkeypatch.setattr(numba, "njit", refusing)
    with pytest.raises(RuntimeError, match="no processor"):
        compiling.njit(cache=True)(half)
