"""The model as files to take along: one HTML page and ONNX. It gathers what the pages show, and only `pages/` may import it."""
