"""What every page stands on: colours, pictures as HTML, text that is safe to show, the state that outlives a page."""
