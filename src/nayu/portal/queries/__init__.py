"""Questions that gather from several apps, for pages."""
