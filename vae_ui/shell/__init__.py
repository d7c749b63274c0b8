"""What is around every page: menu, sidebar, heading. No page's own content."""
