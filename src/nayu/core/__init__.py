"""Ground floor: fiscal year, money, Thai text and dates, errors. Plain Python, no Django."""
