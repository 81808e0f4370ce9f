"""Writers draw the content tree: one module for each library."""
