"""Encoder and decoder as ONNX files, made from the layers exported for the browser. `onnx` is imported when a file is requested."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vae_core.axes.names import LOGISTICS
from vae_core.config import ModelConfig
from vae_core.distributions.levels.beta_binomial import LOG_RANGE
from vae_core.distributions.levels.logistic_mixture import LARGEST_LOG_SCALE, SMALLEST_SCALE, N
from vae_core.distributions.pixels.continuous_bernoulli import NEAR, SLOPE
from vae_core.errors import UserError
from vae_core.export.browser import Exported, browser_model, in_browser
from vae_core.export.weights import Layer
from vae_core.models.posteriors import LOG_VARIANCE
from vae_core.models.vae import VAE

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

OPSET, IR = 17, 8  # of 2022: old enough for most runtimes


def in_onnx(config: ModelConfig) -> bool:
    """Whether ONNX files of a model can be made: of one that the browser runs too, and whose output is made in one step."""
    return in_browser(config) and config.likelihood in MEANS


def onnx_models(vae: VAE, title: str = "", class_names: Sequence[str] = ()) -> dict[str, bytes]:
    """encoder.onnx (x -> mean, logvar) and decoder.onnx (z -> mean of p(x|z)), with a description in their metadata.

    The batch size is free; the one-hot label is the second input of a conditional model. Raises UserError for a model with a layer or
    a likelihood that has no export rule.
    """
    if vae.config.likelihood not in MEANS:
        raise UserError(
            "The model cannot be exported: there is no rule for the likelihood '{likelihood}'.",
            likelihood=vae.config.likelihood,
        )
    exported = browser_model(vae, "float32")
    header = exported.header
    shape, codes, classes = header["shape"], header["latent_dim"], header["classes"]
    label = {"label": [classes]} if classes else {}
    metadata = _description(header, title, class_names)

    encoder = _Graph(exported)
    raw = encoder.run(header["encoder"], "x")
    if header["posterior"] == "point":
        encoder.node("Identity", raw, to=["mean"])
        outputs = {"mean": [codes]}
    else:
        _, log_variance = encoder.node("Split", raw, to=["mean", "log_variance"], axis=1)
        encoder.node("Clip", log_variance, *map(encoder.number, LOG_VARIANCE), to=["logvar"])
        outputs = {"mean": [codes], "logvar": [codes]}

    decoder = _Graph(exported)
    likelihood = header["likelihood"]["name"]
    flat = MEANS[likelihood](decoder, decoder.run(header["decoder"], "z"), header["likelihood"])
    decoder.node("Reshape", flat, decoder.numbers([-1, *shape]), to=["picture"])
    return {
        "encoder.onnx": encoder.model({"x": shape} | label, outputs, metadata),
        "decoder.onnx": decoder.model({"z": [codes]} | label, {"picture": shape}, metadata),
    }


def _description(header: dict[str, Any], title: str, class_names: Sequence[str]) -> dict[str, str]:
    """The metadata: meaning, type and shape of each input and output."""
    flat = len(header["shape"]) == 1
    shape = ", ".join(map(str, header["shape"]))
    code = f"float32, shape (batch, {header['latent_dim']})"
    picture = f"mean of p(x|z), float32, shaped as x; likelihood {header['likelihood']['name']}"
    metadata = {
        "title": title,
        "x": f"{'rows of a table' if header['likelihood']['name'] == 'columns' else 'points'}, float32, shape (batch, {shape})"
        if flat
        else f"pictures, float32 in [0, 1] (bytes divided by 255), shape (batch, {shape}): channels, rows, columns",
        "mean": f"mean of q(z|x), {code}",
        "logvar": "" if header["posterior"] == "point" else f"log-variance of q(z|x) in each dimension, {code}",
        "z": f"a code, {code}: a mean, or mean + exp(logvar / 2) * eps with eps from N(0, 1)",
        "picture": picture if flat else f"{picture}; clipped to [0, 1], times 255 and rounded it is a picture of bytes",
    }
    if header["classes"]:
        metadata["label"] = (
            f"one-hot, float32, shape (batch, {header['classes']}), 1 at the picture's class and 0 elsewhere"
        )
        metadata["classes"] = ", ".join(class_names)
    return {name: text for name, text in metadata.items() if text}


class _Graph:
    """Nodes and weights of one ONNX file; a value is represented by the name of the node's output."""

    def __init__(self, exported: Exported) -> None:
        self.weights, self.classes = exported.weights, exported.header["classes"]
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def node(self, kind: str, *inputs: str, to: Sequence[str] = (), **attributes: Any) -> list[str]:
        from onnx import helper

        outputs = list(to) or [f"{kind.lower()}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
        return outputs

    def constant(self, array: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def numbers(self, values: Sequence[int]) -> str:
        return self.constant(np.array(values, np.int64))

    def part(self, start: int, *shape: int) -> NDArray[Any]:
        return self.weights[start : start + math.prod(shape)].reshape(shape)

    def run(self, layers: Sequence[Layer], value: str) -> str:
        """The output of all layers, (batch, outputs); ONNX has channels first where the browser has channels last."""
        if layers[0]["kind"] == "linear":
            [value] = self.node("Flatten", value)
        for before, layer in zip([None, *layers], layers, strict=False):
            kinds = (before["kind"] if before else None, layer["kind"])
            if kinds == ("conv", "linear"):
                [value] = self.node("Flatten", *self.node("Transpose", value, perm=[0, 2, 3, 1]))
            if kinds == ("linear", "deconv"):
                [pixels] = self.node("Reshape", value, self.numbers([-1, *layer["from"], layer["inputs"]]))
                [value] = self.node("Transpose", pixels, perm=[0, 3, 1, 2])
            value = self.linear(layer, value) if layer["kind"] == "linear" else self.convolution(layer, value)
            value = self.activation(layer["activation"], value)
        return value

    def linear(self, layer: Layer, value: str) -> str:
        inputs, outputs = layer["inputs"], layer["outputs"]
        weight, bias = self.part(layer["weight"], inputs, outputs), self.part(layer["bias"], outputs)
        [value] = self.node("Gemm", value, self.constant(weight), self.constant(bias))
        if layer["label"] is None:
            return value
        rows = self.constant(self.part(layer["label"], self.classes, outputs))
        return self.node("Add", value, *self.node("MatMul", "label", rows))[0]

    def convolution(self, layer: Layer, value: str) -> str:
        inputs, outputs, side = layer["inputs"], layer["outputs"], layer["kernel"]
        square = {"kernel_shape": [side] * 2, "strides": [layer["stride"]] * 2, "pads": [layer["padding"]] * 4}
        bias = self.constant(self.part(layer["bias"], outputs))
        if layer["kind"] == "conv":
            weight = self.part(layer["weight"], outputs, side, side, inputs).transpose(0, 3, 1, 2)
            return self.node("Conv", value, self.constant(weight), bias, **square)[0]
        weight = self.part(layer["weight"], side, side, outputs, inputs).transpose(3, 2, 0, 1)
        reach = [(n - 1) * layer["stride"] - 2 * layer["padding"] + side for n in layer["from"]]
        extra = [to - least for to, least in zip(layer["to"], reach, strict=True)]
        return self.node("ConvTranspose", value, self.constant(weight), bias, output_padding=extra, **square)[0]

    def activation(self, name: str | None, value: str) -> str:
        if name is None:
            return value
        if name == "silu":
            return self.node("Mul", value, *self.node("Sigmoid", value))[0]
        return self.node({"relu": "Relu", "tanh": "Tanh"}[name], value)[0]

    def model(self, inputs: dict[str, list[int]], outputs: dict[str, list[int]], metadata: dict[str, str]) -> bytes:
        """The serialised model, checked by onnx.checker."""
        from onnx import TensorProto, checker, helper

        def values(named: dict[str, list[int]]) -> list[Any]:
            return [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *size]) for name, size in named.items()
            ]

        graph = helper.make_graph(self.nodes, "model", values(inputs), values(outputs), self.constants)
        model = helper.make_model(
            graph, producer_name="latent-explorer", ir_version=IR, opset_imports=[helper.make_opsetid("", OPSET)]
        )
        mine = {name: text for name, text in metadata.items() if name in {"title", "classes", *inputs, *outputs}}
        model.doc_string = "\n".join(f"{name}: {text}" for name, text in mine.items())
        helper.set_model_props(model, mine)
        checker.check_model(model, full_check=True)
        return model.SerializeToString()


def _sigmoid(graph: _Graph, raw: str, record: dict[str, Any]) -> str:
    return graph.node("Sigmoid", raw)[0]


def _identity(graph: _Graph, raw: str, record: dict[str, Any]) -> str:
    return raw


def _columns(graph: _Graph, raw: str, record: dict[str, Any]) -> str:
    """The numbers as they are, the probabilities of each category, and 0 for what says that a value is missing."""
    widths, missing = record["columns"]["widths"], len(record["columns"]["missing"])
    sizes = [*widths, *([missing] if missing else [])]
    if len(sizes) == 1 and sizes[0] == 1:
        return raw
    parts = graph.node("Split", raw, graph.numbers(sizes), to=[f"column_{i}" for i in range(len(sizes))], axis=1)
    means = [
        part if width == 1 else graph.node("Softmax", part, axis=1)[0]
        for part, width in zip(parts, widths, strict=False)
    ]
    if missing:
        means += graph.node("Mul", parts[-1], graph.number(0.0))
    return graph.node("Concat", *means, axis=1)[0]


def _continuous(graph: _Graph, raw: str, record: dict[str, Any]) -> str:
    """The mean of the continuous Bernoulli with logit l, 1/2 + 1 / (2 tanh(l/2)) - 1/l, with a series near l = 0."""
    number, node = graph.number, graph.node
    [tanh] = node("Tanh", *node("Mul", raw, number(0.5)))
    [far] = node("Sub", *node("Div", number(0.5), tanh), *node("Reciprocal", raw))
    [square] = node("Mul", raw, raw)
    series = number(SLOPE[-1])
    for factor in SLOPE[-2::-1]:
        [series] = node("Add", *node("Mul", series, square), number(factor))
    [near] = node("Mul", series, raw)
    [is_near] = node("Less", square, number(NEAR**2))
    return node("Add", *node("Where", is_near, near, far), number(0.5))[0]


def _beta_binomial(graph: _Graph, raw: str, record: dict[str, Any]) -> str:
    """a / (a + b) from ln a and ln b of each pixel."""
    [logs] = graph.node("Clip", raw, *map(graph.number, LOG_RANGE))
    [halves] = graph.node("Reshape", logs, graph.numbers([0, 2, -1]))
    alpha, beta = graph.node("Split", halves, to=["log_alpha", "log_beta"], axis=1)
    return graph.node("Sigmoid", *graph.node("Sub", alpha, beta))[0]


def _logistics(graph: _Graph, raw: str, record: dict[str, Any]) -> str:
    """The weighted means of logistics that are cut off at levels 0 and 255, see `LogisticMixture.mean`."""
    number, node = graph.number, graph.node
    [parts] = node("Reshape", raw, graph.numbers([0, 3, LOGISTICS, -1]))
    logits, means, log_scales = node("Split", parts, to=["logits", "means", "log_scales"], axis=1)
    [scale] = node("Add", *node("Exp", *node("Min", log_scales, number(LARGEST_LOG_SCALE))), number(SMALLEST_SCALE))
    [start] = node("Div", *node("Mul", means, number(-N)), scale)
    [end] = node("Add", start, *node("Div", number(N), scale))
    [above] = node("Sub", *node("Softplus", end), *node("Softplus", start))
    [each] = node("Sub", number(1.0), *node("Mul", *node("Div", scale, number(N)), above))
    [weighted] = node("Mul", each, *node("Softmax", logits, axis=2))
    return node("ReduceSum", weighted, graph.numbers([2]))[0]


MEANS: dict[str, Callable[[_Graph, str, dict[str, Any]], str]] = {
    "bernoulli": _sigmoid,
    "continuous_bernoulli": _continuous,
    "gaussian": _identity,
    "gaussian_learned": _identity,
    "gaussian_optimal": _identity,
    "laplace": _identity,
    "beta_binomial": _beta_binomial,
    "discretised_logistic": _logistics,
    "columns": _columns,
}
