"""Using a trained model: encode, decode, interpolate, density of codes, samplers of codes. numpy in, numpy out."""
