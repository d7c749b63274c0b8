// What the server tells of the runs while they train (vae_core/web/live_runs.py): the replay, the figures beside it and the shares in the
// list follow without Python. The page is drawn again only when its widgets would look different.

import {unpack} from "../../stage/js/blocks/payload.js";

/** @import {News, RunHead, Told, View} from "./types.d.ts" */
/** @import {Replay} from "./replay.js" */

const PATH = "_latent/runs";
const LINE_END = 10;
const LOOK = 1000;  // ms after which one looks whether the page is still there
const FAILURES = 3;  // connections that came to nothing, after which the page is drawn again every LOOK * EACH instead
const EACH = 2, LONGEST = 15;  // in units of LOOK

const base = /** @type {{latentBase?: string}} */ (globalThis).latentBase ?? "/";

export class LiveRuns {
  /** @type {Told | null} */ told = null;
  /** @type {WebSocket | null} */ socket = null;
  /** What of the news the page was asked to be drawn again for. */ asked = "";
  failures = 0;
  #looks = 0;
  #timer = 0;
  #view = "";
  /** Has the page drawn again. @type {(held: {view: string, step: number}) => void} */ again = () => {};

  /** @param {Replay} replay */
  constructor(replay) {
    this.replay = replay;
  }

  get open() { return this.socket?.readyState === WebSocket.OPEN; }

  /** The page was drawn. @param {Told} told */
  follow(told) {
    if (told.mark !== this.told?.mark || told.shown !== this.told?.shown) this.asked = "";
    this.told = told;
    this.#shares(told.shares);
    this.#timer ||= window.setInterval(() => this.#look(), LOOK);
    if (this.socket === null && this.failures === 0) this.#connect();
    else if (this.open && this.#view !== this.replay.key) this.#say();
  }

  /** Says what the page shows and holds. */
  #say() {
    const {key, head, held} = this.replay;
    this.#view = key;
    this.socket?.send(JSON.stringify(/** @type {View} */ ({run: head?.run ?? "", plane: head?.plane ?? "", step: held})));
  }

  #connect() {
    const url = new URL(`${base}${PATH}`, location.href), socket = new WebSocket(Object.assign(url, {protocol: url.protocol.replace("http", "ws")}));
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.#looks = 0;
    socket.addEventListener("open", () => this.#say());
    socket.addEventListener("message", ({data}) => this.#hear(new Uint8Array(data)));
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.socket = null;
      this.failures += 1;
    });
  }

  /** Once a second: a page that was left is told no more, a lost connection is sought again, and without one the page asks itself. */
  #look() {
    if (!this.replay.root.isConnected) {
      clearInterval(this.#timer);
      this.#timer = 0;
      this.socket?.close();
      this.socket = null;
      return;
    }
    this.#looks += 1;
    if (this.socket === null && this.#looks % Math.min(LONGEST, 2 ** Math.min(this.failures, 4)) === 0) this.#connect();
    if (this.failures >= FAILURES && this.told?.busy && this.#looks % EACH === 0) this.#draw();
  }

  #draw() {
    this.again({view: this.replay.key, step: this.replay.held});
  }

  /** @param {Uint8Array} message a line of JSON, then the block of the run in view, or nothing */
  #hear(message) {
    const end = message.indexOf(LINE_END), {told, replay} = this;
    const news = /** @type {News} */ (JSON.parse(new TextDecoder().decode(end < 0 ? message : message.subarray(0, end))));
    this.failures = 0;
    if (told === null || !replay.root.isConnected) return;
    this.#shares(news.shares);
    let {shown} = told;
    if (end >= 0 && end + 1 < message.length) {
      const {header, arrays, shapes} = unpack(message.subarray(end + 1)), {run, texts, ...rest} = /** @type {RunHead} */ (header);
      if (run !== replay.head?.run) return;  // of the run that was in view before
      replay.hear({header: rest, arrays, shapes});
      this.#view = replay.key;
      this.#write(texts[told.code]);
      shown = header.shown;
    }
    if (news.mark === told.mark && shown === told.shown) return;
    const now = `${news.mark} ${shown}`;
    if (this.asked === now) return;
    this.asked = now;
    this.#draw();
  }

  /** Into the page, where Python has left places for them (vae_ui/train/run_panel.py). @param {{[name: string]: string}} texts */
  #write(texts) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
      const text = texts[place.dataset.live ?? ""];
      if (text !== undefined && place.textContent !== text) place.textContent = text;
    }
    for (const bar of document.querySelectorAll("[data-live-bar]")) {
      bar.setAttribute("aria-valuenow", texts.share.replace("%", ""));
      const filled = /** @type {HTMLElement | null} */ (bar.querySelector(":scope > div > div"));
      if (filled) filled.style.width = texts.share;
    }
  }

  /** Behind the names of the runs in the list. @param {{[run: string]: string}} shares */
  #shares(shares) {
    const sheet = document.querySelector("#run-shares") ?? document.head.appendChild(Object.assign(document.createElement("style"), {id: "run-shares"}));
    const text = Object.entries(shares).map(([run, share]) => `.st-key-train-see-${CSS.escape(run)} p::after { content: " ${CSS.escape(share)}"; }`).join("\n");
    if (sheet.textContent !== text) sheet.textContent = text;
  }
}
