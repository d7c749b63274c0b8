// The parts of the diagram, which joins them to the pad, the map and the decoded picture: x, encoder, map, decoder, x\u2032 in a
// row, and below them the numbers, the loss, and the panel in which things open.

import {AnotherImage} from "./another_image.js";
import {CodeNumbers} from "./code_numbers.js";
import {DetailPanel} from "./detail_panel.js";
import diagramStyle from "./diagram.css" with {type: "text"};
import {LossTerms} from "./loss_terms.js";
import {DecoderShape, EncoderShape} from "./network_shape.js";
import panelStyle from "./panel.css" with {type: "text"};

export const DIAGRAM = {another: AnotherImage, code: CodeNumbers, decoder: DecoderShape, encoder: EncoderShape, loss: LossTerms,
  panel: DetailPanel};
export const DIAGRAM_STYLES = [diagramStyle, panelStyle];
