"""What waits for whom, what closes soon, who is told, and what a reader may be told."""
