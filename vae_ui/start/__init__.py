"""The Start page's own parts: the live diagram with its listing, and the doors to other pages."""
