// What the stage tells Python, and what it asks: a hand's act on release, a block that is missing, and, for a model that no
// browser can run, one question at a time.

import {mask} from "./pick.js";
import {PATIENCE} from "./remote.js";

export class Talk {
  constructor(stage) {
    Object.assign(this, {stage, said: null});
  }

  // Another model or map: what was said of the last one no longer holds.
  forget() {
    this.said = null;
  }

  send(act) {
    const {stage} = this, {scene, shown, selected, hash, model, z, pick, drawn: picture} = stage;
    for (const part of stage.parts) part.acted?.(act);
    const classes = shown.every(Boolean) ? null : shown.flatMap((on, k) => (on ? [k] : []));
    const selection = selected.length ? mask(selected, stage.classes.length) : "";
    const code = scene.z && [...scene.z], {label} = scene, count = (stage.count += 1);
    this.said = {count, act, hash, model, z, code, pick, selection, classes, picture, label};
    const ask = scene.model?.flying ? this.asked : null;  // one that Python may not have heard yet
    stage.setState("map", {...this.said, ask});
  }

  // Python believed that this browser still held a block that it does not hold.
  missing() {
    const {stage} = this;
    stage.setState("map", {count: stage.wanted.seen + 1, act: "", hash: "", model: ""});
  }

  // The newest question, when no other is on its way.
  inquire() {
    const {stage} = this, {count, hash, model, scene} = stage, ask = scene.model.remote && scene.model.ask();
    if (!ask) return;
    this.asked = ask;
    stage.setState("map", {...(this.said ?? {count, act: "", hash, model}), ask});
    clearTimeout(this.timer);
    this.timer = setTimeout(() => scene.model?.flying && this.again(), PATIENCE);
  }

  again() {
    this.stage.scene.stale = true;
    this.stage.frame();
  }

  hear(answer) {
    const {scene} = this.stage;
    if (!answer || !scene.model?.remote || !scene.model.hear(answer)) return;
    scene.encoded = null;
    this.again();
  }
}
