"""Mutation testing: faults of mutmut's operators, each tried against the tests that reach it."""
