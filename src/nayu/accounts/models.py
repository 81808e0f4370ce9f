"""Users: who signs in. What they may do comes from their posts (agencies), never from flags here."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """One person with a sign-in. `display_name` is inside information, never in public output."""

    display_name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username
