"""Pictures in and out: files of any kind read as 8-bit pictures, prepared as a model's input, and written. No data sets."""
