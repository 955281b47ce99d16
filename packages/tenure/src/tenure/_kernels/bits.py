"""Single machine instructions that the language has no word for."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

SEVERAL = 32


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


def _distances(typing: Any, column: Any, begin: Any, count: Any) -> Any:
    """Bit n for each of column[begin : begin + count], SEVERAL int32 at most, that lies n below 64 above the first.

    All at once and without a branch: how many there are cannot be guessed, and a wrong guess costs as much as this.
    """
    number, word = (ir.VectorType(ir.IntType(bits), SEVERAL) for bits in (32, 64))

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def called(name: str, answer: Any, *given: Any) -> Any:
            kind = ir.FunctionType(answer, [one.type for one in given])
            return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), given)

        def everywhere(value: Any, kind: Any) -> Any:
            one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.IntType(32)(0))
            places = ir.Constant(ir.VectorType(ir.IntType(32), SEVERAL), [0] * SEVERAL)
            return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), places)

        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        first = builder.gep(data, [arguments[1]])
        lanes, asked = ir.Constant(number, list(range(SEVERAL))), builder.trunc(arguments[2], ir.IntType(32))
        is_there = builder.icmp_unsigned("<", lanes, everywhere(asked, number))
        several = called(
            f"llvm.masked.load.v{SEVERAL}i32.p0", number, builder.bitcast(first, number.as_pointer()),
            ir.IntType(32)(4), is_there, ir.Constant(number, [0] * SEVERAL),
        )  # fmt: skip
        distance = builder.sub(several, everywhere(builder.load(first), number))
        is_near = builder.and_(is_there, builder.icmp_unsigned("<", distance, ir.Constant(number, [64] * SEVERAL)))
        nothing, one = (ir.Constant(word, [value] * SEVERAL) for value in (0, 1))
        places = builder.select(is_near, builder.zext(distance, word), nothing)
        marked = builder.select(is_near, builder.shl(one, places), nothing)
        return called(f"llvm.vector.reduce.or.v{SEVERAL}i64", ir.IntType(64), marked)

    return types.uint64(column, types.int64, types.int64), code


def _take(typing: Any, column: Any, count: Any) -> Any:
    """Add to a column's first element and say what it was, as one step among threads."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.atomic_rmw("add", data, arguments[1], "monotonic")

    return types.int64(column, types.int64), code


prefetch: Any = intrinsic(_prefetch)
distances: Any = intrinsic(_distances)
take: Any = intrinsic(_take)
popcount: Any = intrinsic(_popcount)
lowest: Any = intrinsic(_lowest)
highest: Any = intrinsic(_highest)
