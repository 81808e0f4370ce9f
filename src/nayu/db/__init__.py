"""Field types and constraint helpers: Django, but no models."""
