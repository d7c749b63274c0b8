"""A trained model for other runtimes: the browser's layers and ONNX. Nothing here trains or draws."""
