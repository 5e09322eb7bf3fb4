"""One limit against one measured value."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from .answers import Scalar, Value
from .grammar import Limit, Op

ZERO = Decimal(0)


def measured(limit: Limit, value: Value | None) -> Scalar | None:
    """The part of the answer that the limit looks at; None where it was left out."""
    if isinstance(value, Mapping):
        return value.get(limit.field)
    return value


def whole(limit: Limit, value: Value | None) -> Decimal | None:
    """The total that `share` and `steps` count from; None for others, or where it was left out."""
    total = value.get(limit.of) if limit.of and isinstance(value, Mapping) else None
    return total if isinstance(total, Decimal) else None


def passes(limit: Limit, value: Scalar, total: Decimal | None = None) -> bool:
    """Exactly, without tolerance. `total` is what `share` and `steps` count from."""
    if not limit.op.is_numeric:
        return _passes_choice(limit, value)
    if not isinstance(value, Decimal):
        return False
    if limit.op is Op.ABOVE:
        return value > bound(limit, limit.value)
    if limit.op is Op.BELOW:
        return value < bound(limit, limit.value)
    return miss(limit, value, total) == ZERO


def miss(limit: Limit, value: Decimal, total: Decimal | None = None) -> Decimal:
    """How far a number is from the nearest passing one, in its own unit; 0 on the bound itself."""
    lowest, highest = bounds(limit, total)
    if lowest is not None and value < lowest:
        return lowest - value
    if highest is not None and value > highest:
        return value - highest
    return ZERO


def bounds(limit: Limit, total: Decimal | None = None) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest number of a numeric limit; None is open on that side."""
    match limit.op:
        case Op.BETWEEN:
            return bound(limit, limit.low), bound(limit, limit.high)
        case Op.EQUAL:
            return limit.value, limit.value
        case Op.AT_LEAST | Op.ABOVE:
            return limit.value, None
        case Op.AT_MOST | Op.BELOW:
            return None, limit.value
        case _:
            return required_count(limit, bound(limit, total)), None


def required_count(limit: Limit, total: Decimal) -> Decimal:
    """How many there must be for this total, by `share` or by `steps`."""
    if limit.op is Op.SHARE:
        share = (total * bound(limit, limit.percent) / 100).to_integral_value(ROUND_CEILING)
        return max(share, Decimal(limit.at_least))
    for up_to, needed in limit.table:
        if total <= up_to:
            return Decimal(needed)
    last_total, last_needed = limit.table[-1]
    if not limit.every:
        return Decimal(last_needed)
    begun = ((total - last_total) / limit.every).to_integral_value(ROUND_CEILING)
    return last_needed + begun


def bound(limit: Limit, number: Decimal | None) -> Decimal:
    """The number, which the linter has made sure of."""
    if number is None:
        raise ValueError(f"limit {limit.op} lacks its number")
    return number


def _passes_choice(limit: Limit, value: Scalar) -> bool:
    chosen = value if isinstance(value, tuple) else (value,)
    found = [wanted for wanted in limit.values if wanted in chosen]
    match limit.op:
        case Op.HAS_ALL:
            return len(found) == len(limit.values)
        case Op.HAS_NONE:
            return not found
        case _:
            return bool(found)
