"""The law and nothing else: each module reads beside its statute and runs on numpy, on fractions and in the browser."""
