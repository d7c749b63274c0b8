"""Languages: their catalogues of texts, which of them a browser or a terminal asks for, and a text in one of them."""
