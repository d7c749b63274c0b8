"""What surrounds every page: menu, sidebar and heading. The content of pages lives elsewhere."""
