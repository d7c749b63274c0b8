// The time that a person chose, which Python keeps for the page's address: the protocol of vae_ui/stage/events.py for one number.

/** @import {Head} from "./types.d.ts" */
/** @import {ReplayComponent} from "./main.js" */

const ROUNDING = 0.01;  // seconds by which a time may differ that went through an address

export class SharedTime {
  /** Tells this replay from one that was here before. */ visit = Math.random().toString(36).slice(2);
  /** How many times have been told. */ count = 0;
  /** A hand is on the time. */ held = false;
  /** What Python asks for in seconds, until a person moves. @type {number | null} */ asked = null;
  /** @type {ReplayComponent["setStateValue"]} */ setState = () => {};

  /** A hand lets go, or the replay has come to its end. @param {number | null} seconds null for the newest moment */
  tell(seconds) {
    this.held = false;
    this.count += 1;
    this.setState("time", {visit: this.visit, number: this.count, seconds});
  }

  /** A person moves: what Python asked for no longer holds. */
  hold() {
    this.held = true;
    this.asked = null;
  }

  /**
   * Whether Python asks for another time than is shown; then `asked` is that time. An answer that comes while a hand is on the time,
   * or that was made before Python heard where it was put, is late.
   *
   * @param {Head} header @param {Head | null} last @param {number} now
   */
  obeys({run, at, visit, seen}, last, now) {
    const late = this.held || this.count > (visit === this.visit ? seen : 0), other = run !== last?.run || at !== last.at;
    if (late || !other || (at !== null && Math.abs(at - now) < ROUNDING)) return false;
    this.asked = at;
    return true;
  }
}
