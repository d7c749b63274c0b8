"""A joint model of a picture and its words: q(z) given either part or both, and p of each part given z. No losses."""
