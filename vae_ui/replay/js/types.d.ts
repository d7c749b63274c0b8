// What Python sends the replay (vae_ui/train/run_view.py).

import type {Words} from "../../stage/js/types.d.ts";

/** Index of a frame, step, epoch, and seconds since the start. */
export type Moment = [number, number, number, number];

/**
 * What the page shows of the runs: short names of what the list and the run in view look like, how far runs in training are, whether
 * any waits or trains, and the page's language (vae_ui/train/live_run.py).
 */
export interface Told {
  mark: string;
  shown: string;
  shares: {[run: string]: string};
  busy: boolean;
  code: string;
}

/** What the server tells of the list of runs, and the header of what it tells of the run in view (vae_core/web/live_runs.py). */
export type News = Pick<Told, "mark" | "shares">;
export type RunHead = Partial<Head> & {run: string, shown: string, texts: {[language: string]: {[name: string]: string}}};

/** What the browser tells the server of what it shows and holds. */
export interface View {
  run: string;
  plane: string;
  step: number;
}

/** What a tick says of the run; `at` is the time that is asked for, null for the newest; `visit` and `seen` are of the protocol. */
export interface Head extends Told {
  run: string;
  plane: string;
  state: string;
  live: boolean;
  frames: Moment[];
  axes: [string, string];
  prior: boolean;
  has_rate: boolean;
  dims: number;
  names: string[];
  colours: string[];
  at: number | null;
  visit: string;
  seen: number;
  invitation?: string;
  /** Of tokens: what the reconstructions of each frame in this block say, and their originals. */
  said?: string[][];
  said_originals?: string[];
  /** The codes (x, y in turn) before a step that was taken by itself, where their arrows end, and the loss. */
  arrows?: {step: number, from: number[], to: number[], text: string} | null;
  language: {[name: string]: [string, string]};
  words?: Words;
}
