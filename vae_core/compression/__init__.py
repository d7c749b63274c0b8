"""Lossless compression of pictures to a file with a VAE: bits-back coding with asymmetric numeral systems (ANS).

Townsend, Bird and Barber 2019, "Practical lossless compression with latent variables using bits back coding" (arXiv:1901.04866).
Whoever decodes must compute exactly the numbers of whoever encoded, on any computer, so nothing here depends on how floats are rounded
along the way: `exact_functions` and `integer_network` compute with integers. From the ground up: `ans_stack` is the entropy coder,
`code_frequencies` and `pixel_frequencies` are the distributions, `integer_vae` is the model, `bits_back` codes one segment of pictures,
`file_format` has the bytes of the file, and `codec` compresses and decompresses.
"""
