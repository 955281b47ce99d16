"""The sample shop: a coffee roaster whose truth is known, so that every figure can be checked.

docs/reference/sample-shop.md says what is true in it; `truth.py` is that page in numbers.
"""

from regulars.cli.sample_shop.loading import load

__all__ = ["load"]
