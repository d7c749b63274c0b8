"""What every request passes before Streamlit sees it: checks of host and origin, the room's door, cookies, limits, the index page."""
