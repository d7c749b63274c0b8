"""What the server sends beside pages: the index page with its first frame, blocks by name, and Streamlit's files compressed."""
