"""For all tests, once they are collected."""

import gc


def pytest_collection_finish() -> None:
    """What was loaded to test with stays to the end: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
