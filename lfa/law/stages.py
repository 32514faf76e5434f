"""How every law is applied: its rules one after another, each to the lines known so far."""


def apply(stages, inputs, parameters, wanted=None):
    """The inputs and every line of the stages wanted (all by default), by key.

    ``stages`` are names with their rules, in the order of the computation.
    """
    lines = dict(inputs)
    for name, rules in stages:
        if wanted is None or name in wanted:
            for rule in rules:
                lines.update(rule(lines, parameters))
    return lines
