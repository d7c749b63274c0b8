"""The Train page: form, queue, and the run in view."""
