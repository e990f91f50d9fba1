"""Holds divide_rounded() against exact fractions at its edges; prints TAP.

Usage: compare_rounding.py DRIVER. Operands lie around ties, around the limits of 64 bits where the
short division ends, and anywhere; every sign and every mode.
"""

from __future__ import annotations

import random
import subprocess
import sys
from fractions import Fraction
from math import ceil, floor

LIMIT = 2**63 - 1
WIDEST = 2**126
MODES = ("half_up", "half_even", "half_down", "up", "down", "ceiling", "floor")


def rounded(value: Fraction, mode: str) -> int:
    """By the words of each mode, not by remainders."""
    below, above = floor(value), ceil(value)
    if below == above:
        return below
    inward, outward = (below, above) if value > 0 else (above, below)
    nearest = {"up": outward, "down": inward, "ceiling": above, "floor": below}.get(mode)
    if nearest is not None:
        return nearest
    distance = abs(value - inward) - abs(outward - value)
    if distance == 0:
        even = inward if inward % 2 == 0 else outward
        return {"half_up": outward, "half_down": inward, "half_even": even}[mode]
    return inward if distance < 0 else outward


def operands() -> list[tuple[int, int]]:
    """Numerators and denominators whose quotient fits."""
    dice = random.Random(20261122)
    edges = [1, 2, 3, 7, 100, 10**9, 12 * 10**9, 2**31, 2**32 - 1, 2**62, LIMIT - 1, LIMIT,
             2**63, 2**63 + 1, 2**64 - 1, 2**64, 10**18, 10**27, 2**100 + 1]
    pairs = []
    for denominator in edges:
        for quotient in [0, 1, 2, 3, 9, 10**6, 2**31, 2**53 - 1, 2**62, LIMIT - 1]:
            whole = quotient * denominator
            for part in {0, 1, denominator // 2 - 1, denominator // 2, denominator // 2 + 1,
                         denominator - 1}:
                pairs.append((whole + part, denominator))
    for _ in range(5000):
        denominator = dice.getrandbits(dice.randint(1, 100)) + 1
        pairs.append((dice.getrandbits(dice.randint(1, 125)), denominator))
    return [(n, d) for n, d in pairs if 0 <= n < WIDEST and n // d < LIMIT]


def main(driver: str) -> int:
    cases = [(n * a, d * b, mode) for n, d in operands() for a in (1, -1) for b in (1, -1)
             for mode in range(len(MODES))]
    sent = "".join(f"{n} {d} {mode}\n" for n, d, mode in cases)
    out = subprocess.run([driver], input=sent, capture_output=True, text=True, check=True).stdout
    wrong = 0
    answers = out.splitlines()
    for (n, d, mode), answer in zip(cases, answers):
        expected = rounded(Fraction(n, d), MODES[mode])
        if answer.split() != [str(expected)] * 3:
            wrong += 1
            if wrong <= 3:
                print(f"# {n} / {d} {MODES[mode]}: expected {expected}, is {answer}")
    good = wrong == 0 and len(answers) == len(cases)
    print(f"{'ok' if good else 'not ok'} 1 - {len(cases)} quotients are rounded as their mode says")
    print("1..1")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
