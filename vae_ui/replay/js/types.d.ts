// What Python sends the replay (vae_ui/train/run_view.py).

import type {Words} from "../../stage/js/types.d.ts";

/** Index of a frame, step, epoch, and seconds since the start. */
export type Moment = [number, number, number, number];

/** What a tick says of the run; `at` is the time that is asked for, null for the newest; `visit` and `seen` are of the protocol. */
export interface Head {
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
  /** The codes (x, y in turn) before a step that was taken by itself, where their arrows end, and the loss. */
  arrows?: {step: number, from: number[], to: number[], text: string} | null;
  language: {[name: string]: [string, string]};
  words?: Words;
}
