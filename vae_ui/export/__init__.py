"""Export of a model as one HTML page and as ONNX. It uses several pages' rooms, so only `pages/` may import it."""
