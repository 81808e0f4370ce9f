"""The mixed-integer model and its solution. The only package that knows the solver (HiGHS).

Rows go to the solver under their names. It computes in floats: million baht, points; whatever it
answers is recounted in whole satang by `checker`, and a plan that its rounding let through is cut off
(that plan and no valid one) before it is asked again. It stops on gap or on counted work, never on a
clock.
"""

from nayu.allocation.milp.clash import Clash, Relaxation, clash_of, relaxed
from nayu.allocation.milp.model import Limits, written
from nayu.allocation.milp.solving import solve
from nayu.allocation.milp.sweeping import Sweep, Swept

__all__ = [
    "Clash",
    "Limits",
    "Relaxation",
    "Sweep",
    "Swept",
    "clash_of",
    "relaxed",
    "solve",
    "written",
]
