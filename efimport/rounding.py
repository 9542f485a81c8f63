"""Rounding of exact decimals half up, as the Czech, Slovenian and Croatian VAT acts round.

``Decimal.quantize`` raises where a number has more digits than the default context holds; an amount that somebody wrote
with forty digits is a matter for a finding, not for a crash.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
_DIGITS = 120
_CONTEXT = Context(prec=_DIGITS, rounding=ROUND_HALF_UP)


def half_up(value: Decimal, step: Decimal = CENT) -> Decimal:
    """The multiple of ``step`` (a power of ten) that is nearest, half away from zero.

    A number of more than a hundred digits before the point stays as it is.
    """
    if not value.is_finite() or value.adjusted() > _DIGITS + step.adjusted() - 2:
        return value
    return value.quantize(step, context=_CONTEXT)
