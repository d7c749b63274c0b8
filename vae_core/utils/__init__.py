"""The ground under every room: files, locks, memory, limits, optimisers. Nothing here knows of models, data or pages."""
