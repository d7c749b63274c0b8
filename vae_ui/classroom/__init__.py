"""The page Classroom, for the teacher: the room's code, who is here, what they predict, the queue, and files to take home."""
