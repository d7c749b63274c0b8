"""Questions to a trained model: encode, decode, paths, density, new codes. numpy in, numpy out."""
