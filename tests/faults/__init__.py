"""Programs that are started as processes of their own, and may be killed; not imported by tests."""

import django

django.setup()
