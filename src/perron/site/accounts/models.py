"""A person who signs in. The model is ours from the first migration, so that roles can come to it
without ever moving the table (docs/decisions/0003-databases.md)."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An account. Roles, confidentiality and two-factor codes belong to this app."""

    class Meta(AbstractUser.Meta):
        db_table = "accounts_user"
