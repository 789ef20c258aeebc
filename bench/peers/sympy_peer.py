"""Answers questions by SymPy, one JSON line each.

Tried in order, cheapest first, as suits SymPy best: expand with logarithms split (force, where symbols are
positive SymPy needs no force; otherwise it splits only what is licensed), then simplify, then equals, which
evaluates numerically to refute. The cache is emptied before each repetition: otherwise the second one would only look up the
first one's result.
"""

import json
import statistics
import sys
import time

import sympy
from sympy.core.cache import clear_cache

ASSUMPTIONS = {
    "real": {"real": True},
    "positive": {"positive": True},
    "nonnegative": {"nonnegative": True},
    "unit": {"nonnegative": True},
    "open-unit": {"positive": True},
    "integer": {"integer": True},
    "boolean": {"integer": True, "nonnegative": True},
}


def decide(left, right, polynomial):
    difference = left - right
    if polynomial:
        return "equal" if sympy.expand(difference) == 0 else "different"
    if sympy.expand(sympy.expand_log(difference)) == 0:
        return "equal"
    if sympy.simplify(difference) == 0:
        return "equal"
    found = difference.equals(0)
    return "unknown" if found is None else "equal" if found else "different"


def answer(question):
    symbols = {name: sympy.Symbol(name, **ASSUMPTIONS[domain]) for name, domain in question["symbols"]}
    start = time.perf_counter()
    sides = [
        sympy.parse_expr(
            text.replace("^", "**").replace("abs(", "Abs("),
            local_dict=symbols,
            transformations=sympy.parsing.sympy_parser.standard_transformations
            + (sympy.parsing.sympy_parser.rationalize,),
        )
        for text in (question["left"], question["right"])
    ]
    parse_ms = (time.perf_counter() - start) * 1000
    times = []
    for _ in range(question["repeat"]):
        clear_cache()
        start = time.perf_counter()
        says = decide(*sides, question["polynomial"])
        times.append((time.perf_counter() - start) * 1000)
    return {"says": says, "ms": statistics.median(times[1:] or times), "parseMs": parse_ms}


def main():
    sys.setrecursionlimit(20_000)
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            found = answer(json.loads(line))
        except Exception:  # whatever the system fails on, it does not answer
            found = {"says": "unknown", "ms": None, "parseMs": None}
        print(json.dumps(found), flush=True)


main()
