"""The web server in front of Streamlit: security checks, user cookies, upload limits, the index page, and its start."""
