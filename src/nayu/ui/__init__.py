"""The look of every page: base templates, components, template tags, Thai formatting."""
