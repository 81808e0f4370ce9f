"""Nayu (น่าอยู่): a city's yearly plan and budget, from goal to published plan."""

__version__ = "0.1.0"
