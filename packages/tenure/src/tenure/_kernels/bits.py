"""Single machine instructions that the language has no word for."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _popcount(typing: Any, word: Any) -> Any:
    """How many bits are set."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


def _lowest(typing: Any, word: Any) -> Any:
    """The place of the lowest set bit; the word must not be zero."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


def _highest(typing: Any, word: Any) -> Any:
    """The place of the highest set bit; the word must not be zero."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        above = builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(ir.IntType(64), 63), above)

    return types.uint64(types.uint64), code


def _prefetch(typing: Any, column: Any, place: Any) -> Any:
    """Ask memory for one element of a column that will be read soon; changes nothing, wherever it points."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        address = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(hint, [address, number(0), number(3), number(1)])  # to read, keep it near, data
        return context.get_dummy_value()

    return types.void(column, types.int64), code


prefetch: Any = intrinsic(_prefetch)
popcount: Any = intrinsic(_popcount)
lowest: Any = intrinsic(_lowest)
highest: Any = intrinsic(_highest)
