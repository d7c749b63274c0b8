"""A trained model for other runtimes: a list of layers for the browser, and ONNX. No training, no user interface."""
