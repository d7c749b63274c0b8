"""The losses of a model of pairs, which learn q(z) given a picture, given its words, and given both. No networks of the model."""
