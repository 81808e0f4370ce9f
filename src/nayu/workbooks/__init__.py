"""The agencies' spreadsheets and imported files: profiles, templates out, reading in."""
