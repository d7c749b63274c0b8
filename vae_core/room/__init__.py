"""A class in one room: the code that lets it in, the teacher's key, who is here, and what the teacher shows to all. No web server."""
