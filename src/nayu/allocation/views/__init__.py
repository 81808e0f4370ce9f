"""Pages of allocation: scenarios, their answers, comparison and decision."""
