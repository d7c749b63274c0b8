"""The lesson that goes along over the pages: where a person is in it, the card, the ring on the page, the run, and the report."""
