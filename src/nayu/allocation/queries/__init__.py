"""What is read: the question of a scenario, scores with their figures, results as pages show them."""

from nayu.allocation.queries.question import Asked, gather

__all__ = ["Asked", "gather"]
