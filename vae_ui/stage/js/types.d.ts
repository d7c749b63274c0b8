// What travels between Python and the browser, and what the modules of this folder hand one another. The Python side of each
// record: vae_ui/stage/payload.py, overlay.py, remote.py and vae_core's export of a model.

export type Point = [number, number];
export type Vector = number[] | Float32Array;
export type Shape = number[];

/** Numbers that a block of bytes may hold; float16 travels as the bits of uint16. */
export type TypedArray = Float32Array | Uint8Array | Int32Array | Uint16Array | Int8Array;

/** A block as `unpack` reads it; a deflated array is missing from `arrays` until what `later` starts has ended. */
export interface Block<Header, Arrays> {
  header: Header;
  arrays: Arrays;
  shapes: {[name: string]: Shape};
  later: {[name: string]: () => Promise<TypedArray>};
}

export interface ArrayEntry {
  name: string;
  kind: "f4" | "u1" | "i4" | "u2" | "i1";
  shape: Shape;
  offset: number;
  bytes: number;
  deflate: boolean;
  steps?: [low: number[], step: number[]];  // of each column, where numbers travel as whole steps
}

// -- the model ----------------------------------------------------------------------------------------------------------

/** A linear layer; `weight`, `bias` and `label` are offsets into the model's weights. */
export interface LinearRecord {
  kind: "linear";
  inputs: number;
  outputs: number;
  weight: number;
  bias: number;
  label: number | null;
  activation: string | null;
}

/** A convolution ("conv") or a transposed one ("deconv"); `from` and `to` are heights and widths in pixels. */
export interface ConvolutionRecord {
  kind: "conv" | "deconv";
  inputs: number;
  outputs: number;
  from: Point;
  to: Point;
  kernel: number;
  stride: number;
  padding: number;
  planar: boolean;
  weight: number;
  bias: number;
  activation: string | null;
}

export type LayerRecord = LinearRecord | ConvolutionRecord;

/** (input, label, or the rows of several) => output; the same array at every call. */
export type Layer = (x: Vector, label: number | number[]) => Float32Array;

/** A column of a table (vae_core/data/tables/columns.py): a number in units of `scale` around `mean`, or a category. */
export interface ColumnRecord {
  name: string;
  kind: "number" | "category";
  mean: number;
  scale: number;
  decimals: number;
  values: string[];
  has_missing: boolean;
}

/** How many numbers each column takes, which columns may lack values, and sigma of each column that is a number. */
export interface ColumnsRecord {
  widths: number[];
  missing: number[];
  sigmas: number[];
}

export interface LikelihoodRecord {
  name: string;
  sigma: number | null;
  columns?: ColumnsRecord;
  writer?: import("./likelihoods/tokens.js").WriterRecord;
}

/** The sizes of a model, all there is of one that only the server can run; of a table also its columns, of words what they are. */
export interface RemoteHeader {
  caption?: import("./host/phrase.js").CaptionRecord;
  columns?: ColumnRecord[];
  vocabulary?: import("./host/sentence.js").VocabularyRecord;
  shape: Shape;
  latent_dim: number;
  classes: number;
  posterior: string;
  remote?: boolean;
}

/**
 * `parts` of the weights: their kind, rows and columns, where some are integers of 8 bits (model/stored_weights.js). `reader`: what
 * reads a sentence before the encoder's layers.
 */
export interface ModelHeader extends RemoteHeader {
  reader?: import("./likelihoods/gru.js").GruRecord;
  likelihood: LikelihoodRecord;
  words?: import("./likelihoods/words.js").WordsRecord;
  parts?: ["rows" | "columns" | "half", number, number][];
  encoder: LayerRecord[];
  decoder: LayerRecord[];
}

/** q(z|x), a diagonal Gaussian; `logvar` is null for a plain autoencoder, whose code is a point. */
export interface Posterior {
  mean: Float32Array;
  logvar: Float32Array | null;
}

/** In nats for one image: distortion = -log p(x|z), `kl` of q to the prior by dimension, rate = the sum of `kl`. */
export interface Terms {
  distortion: number;
  rate: number | null;
  kl: Float32Array | null;
}

/** What the browser asks of a model on the server, and what Python answers (vae_ui/stage/remote.py). */
export interface Question {
  x?: number[]; said?: number[]; z?: number[];
  label: number;
}

export interface Answer {
  number: number;
  mean?: number[];
  scale?: number[];
  z: number[];
  out: number[];
  words?: number[];
  distortion: number;
  rate: number | null;
  kl: number[] | null;
}

// -- the map ------------------------------------------------------------------------------------------------------------

/** A plane through the latent space: `axes` holds two numbers for each dimension, one for each direction of the map. */
export interface PlaneRecord {
  centre: number[];
  axes: number[];
}

/** A Gaussian in the map's own scale. */
export interface Ellipse {
  mean: Point;
  std: Point;
  rho: number;
}

export interface MapHeader {
  hash: string;
  title: string;
  axes: [string, string];
  prior: boolean;
  readout: boolean;
  names: string[];
  colours: string[];
  bounds: [number, number, number, number];
  extent: [number, number, number, number];
  plane: PlaneRecord | null;
  thumbs?: {shape: Shape; part: number; hashes: string[]};  // height, width[, 3], how many travel together, and the parts
}

export interface MapArrays {
  points: Float32Array;
  classes: Uint8Array;
  codes?: Uint16Array;
  lattice?: Uint8Array;
  places?: Uint16Array | Int32Array; texts?: Uint8Array;  // `places`: of each point among the pictures
}

export type MapBlock = Block<MapHeader, MapArrays> & {came?: number};
/** x0, x1, y0, y1 in the units of the map. */
export type Extent = [number, number, number, number];

/** A figure over the map (vae_ui/stage/map_figures.py). */
export type FigureBlock = Block<{
  hash: string;
  kind: "contours" | "heat" | "regions" | "ellipses" | "guesses" | "property";
  extent: Extent;
  levels: number[];
  names: string[]; colours: string[];
  most: number;
  paint: string;
  inset: boolean;
}, {[name: string]: Uint16Array | Uint8Array | Float32Array}>;

/** The figures that a page offers, and those that are on. */
export interface FiguresData {
  offers: {name: string; label: string; hint: string}[];
  on: {[name: string]: {hash: string; alt: string}};
}

/** The layers of the map that a person can switch on and off. */
export type Switch = "points" | "lattice" | "contours" | "labels" | "cloud";

/** What Python sets on the map (vae_ui/stage/overlay.py). */
export interface Overlay extends Record<Switch, boolean> {
  z: Point | null;
  code: number[] | null;
  label: number | null;
  pick: number | null;
  ellipses: Ellipse[];
  a: Point | null;
  b: Point | null;
  path: Point[];
  at: number | null;
  neighbours: number[];
  visible: number[] | null;
}

/** Colours and font of the app's theme; `paint` has a colour for each part of the model. */
export interface Theme {
  back: string;
  dark: boolean;
  paint: {[name: string]: string};
  font: string;
  text: string;
  border: string;
}

// -- the stage and its parts ---------------------------------------------------------------------------------------------

/** Lines of Python, and the numbers of the lines that compute each term (vae_ui/start/listing.py). */
export interface Listing {
  lines: string[];
  lit: {[term: string]: number[]};
  file: string;
}

/** The options of all parts in one record, each part reads its own. */
export interface Options {
  title?: string;
  order?: number[];
  usual?: number | null;
  rates?: number[];
  unit?: string;
  limits?: Point[];
  mean?: number[]; spread?: number[];
  names?: string[];
  seed?: number;
  x?: string | null;
  fill?: string;
  point?: number[];
  draw?: boolean;
  blank?: boolean;
  given?: {picture: boolean, said: number[] | null, sentence: string | null};
  pad?: {stroke?: number; mass?: number | null; fill?: number};
  path?: import("./parts/path_player.js").PathOptions | null;
  edit?: import("./edit/edit_slider.js").EditOptions | null;
  draws?: number;
  beta?: number;
  sum?: string;
  listing?: Listing | null;
}

/**
 * What Python sends the stage with every rerun; `hash` and `model` name blocks, "" for none; `visit` and `seen` name the last event
 * that it has consumed (vae_ui/stage/events.py).
 */
export interface StageData {
  hash: string;
  model: string;
  height: number;
  visit: string;
  seen: number;
  overlay: Overlay;
  layout: string;
  parts: string[];
  options: Options;
  language: {[name: string]: [string, string]};
  words?: Words;
  figures?: FiguresData;
  answer?: Answer;
}

/** The English sentence -> the same sentence in the person's language. */
export type Words = {[english: string]: string};

export type SetState = (name: string, value: unknown) => void;

/** What Streamlit gives a component (version 2). */
export interface Component<Data> {
  parentElement: Element | ShadowRoot;
  data: Data;
  setStateValue: SetState;
  setTriggerValue: SetState;
}

/** What a person did, as Python hears of it. */
export type Act = "click" | "drag" | "key" | "select" | "clear" | "slide" | "draw" | "sample" | "next" | "figures";
