"""The array functions the law needs. The type of the arguments decides: numpy arrays, or the ``Vector`` of plain lists.

The last axis is always the 16 Länder; the axes before it are years, scenarios or draws.
"""

from . import arrays_lists

try:
    import numpy
except ImportError:  # the reader's browser has no numpy
    numpy = None


def _lists(*arguments):
    """Whether plain lists, or bare numbers, are computed with."""
    if numpy is None:
        return True
    bare = True
    for argument in arguments:
        if isinstance(argument, numpy.ndarray):
            return False
        if isinstance(argument, arrays_lists.Vector):
            return True
        bare = bare and not isinstance(argument, numpy.generic)
    return bare


def where(condition, yes, no):
    """``yes`` for the Länder that meet the condition, else ``no``."""
    return arrays_lists.where(condition, yes, no) if _lists(condition) else numpy.where(condition, yes, no)


def minimum(a, b):
    """The smaller of two values, Land by Land."""
    return arrays_lists.minimum(a, b) if _lists(a, b) else numpy.minimum(a, b)


def maximum(a, b):
    """The larger of two values, Land by Land."""
    return arrays_lists.maximum(a, b) if _lists(a, b) else numpy.maximum(a, b)


def total(x):
    """The sum over the Länder, in a form that computes with values by Land again."""
    return arrays_lists.total(x) if _lists(x) else x.sum(axis=-1, keepdims=True)


def quotient(a, b):
    """``a / b``, and 0 where b is 0: without a gap there is nothing to share."""
    if _lists(a, b):
        return arrays_lists.quotient(a, b)
    zero = b == 0
    # Most divisors are one number for all Länder: what is done to them costs nothing, one pass is left.
    return a * numpy.where(zero, 0.0, 1.0 / numpy.where(zero, 1.0, b))


def share(x):
    """Each Land's part of the sum over the Länder; 0 for all if the sum is 0."""
    return quotient(x, total(x))


def rounded_half_up(x):
    """Whole numbers, a half upwards; for values that are not negative."""
    return arrays_lists.rounded_half_up(x) if _lists(x) else numpy.floor(x + 0.5)


def exceeds(a, b):
    """Whether a is larger than b by more than the noise of floating point (fractions: exactly larger)."""
    return arrays_lists.exceeds(a, b) if _lists(a, b) else a > b + 1e-12 * abs(b)


def count_above(order, among):
    """For each Land, how many of the Länder ``among`` stand above it by ``order``."""
    if _lists(order):
        return arrays_lists.count_above(order, among)
    above = exceeds(order[..., None, :], order[..., :, None]) & among[..., None, :]
    return above.sum(axis=-1)


def smallest_above(order, among, values):
    """For each Land, the smallest of its own value and those of the Länder ``among`` above it by ``order``."""
    if _lists(order):
        return arrays_lists.smallest_above(order, among, values)
    above = exceeds(order[..., None, :], order[..., :, None]) & among[..., None, :]
    return numpy.minimum(values, numpy.where(above, values[..., None, :], numpy.inf).min(axis=-1))


def anywhere(condition):
    """Whether the condition holds for any Land of any scenario."""
    return arrays_lists.anywhere(condition) if _lists(condition) else bool(condition.any())
