"""Plain lists behind the array functions of the law: floats in the browser, fractions for exact settlements.

Runs under MicroPython; ``arrays`` chooses it where the arguments are a ``Vector``.
"""


def _paired(function):
    def method(self, other):
        if isinstance(other, Vector):
            return Vector([function(a, b) for a, b in zip(self.values, other.values)])
        return Vector([function(a, other) for a in self.values])

    return method


class Vector:
    """One value for each Land, with the operators the law uses; a number counts for every Land."""

    def __init__(self, values):
        self.values = list(values)

    def __repr__(self):
        return "Vector(" + repr(self.values) + ")"

    def __iter__(self):
        return iter(self.values)

    def __len__(self):
        return len(self.values)

    def __neg__(self):
        return Vector([-a for a in self.values])

    def __abs__(self):
        return Vector([abs(a) for a in self.values])

    def __invert__(self):
        return Vector([not a for a in self.values])

    __add__ = __radd__ = _paired(lambda a, b: a + b)
    __sub__ = _paired(lambda a, b: a - b)
    __rsub__ = _paired(lambda a, b: b - a)
    __mul__ = __rmul__ = _paired(lambda a, b: a * b)
    __truediv__ = _paired(lambda a, b: a / b)
    __gt__ = _paired(lambda a, b: a > b)
    __lt__ = _paired(lambda a, b: a < b)
    __ge__ = _paired(lambda a, b: a >= b)
    __le__ = _paired(lambda a, b: a <= b)
    __and__ = __rand__ = _paired(lambda a, b: bool(a and b))
    __or__ = __ror__ = _paired(lambda a, b: bool(a or b))


def _spread(x, like):
    """The values of a Vector, or a number for each Land of another Vector."""
    return x.values if isinstance(x, Vector) else [x] * len(like)


def _land_by_land(function, a, b):
    """A function of two numbers, applied to two Vectors, a Vector and a number, or two numbers."""
    if isinstance(a, Vector) or isinstance(b, Vector):
        like = a if isinstance(a, Vector) else b
        return Vector([function(x, y) for x, y in zip(_spread(a, like), _spread(b, like))])
    return function(a, b)


def where(condition, yes, no):
    chosen = zip(condition.values, _spread(yes, condition), _spread(no, condition))
    return Vector([a if c else b for c, a, b in chosen])


def minimum(a, b):
    return _land_by_land(lambda x, y: y if y < x else x, a, b)


def maximum(a, b):
    return _land_by_land(lambda x, y: y if y > x else x, a, b)


def total(x):
    return sum(x.values)


def quotient(a, b):
    return _land_by_land(lambda x, y: x / y if y else x * 0, a, b)


def rounded_half_up(x):
    # int() of a number that is not negative is its floor; adding 0 * a keeps the kind of number.
    return Vector([0 * a + (int(a + 0.5) if isinstance(a, float) else int(2 * a + 1) // 2) for a in x.values])


def _exceeds(x, y):
    return x > y + 1e-12 * abs(y) if isinstance(x, float) else x > y


def exceeds(a, b):
    return _land_by_land(_exceeds, a, b)


def count_above(order, among):
    pairs = list(zip(order.values, among.values))
    return Vector([sum([1 for other, counts in pairs if counts and _exceeds(other, own)]) for own in order.values])


def smallest_above(order, among, values):
    entries = list(zip(order.values, among.values, values.values))
    result = []
    for own, value in zip(order.values, values.values):
        for other, counts, candidate in entries:
            if counts and _exceeds(other, own) and candidate < value:
                value = candidate
        result.append(value)
    return Vector(result)


def anywhere(condition):
    return any(condition.values)
