"""Deeds of notices: take note of changes, put mails into the outbox, send them, keep wishes."""
