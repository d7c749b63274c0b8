// The numbers of what is on the stage, in the colours of what they are: mean, variance, chance and z of each number of the
// code, and beside the formula the terms of the bound. They change in the frame in which the picture does.

import {PARTS} from "./side.js";
import {button, make, press} from "./panel.js";

const MOST = 6;  // numbers of a code that are shown, those that tell most
const QUIET = 700;  // ms without a change after which a screen reader is told
const COLUMNS = [["q", "μ", "The mean of q(z|x)"], ["q", "log σ²", "The log-variance of q(z|x), as the encoder gives it"],
  ["q", "σ", "The deviation of q(z|x): the half-axis of its ellipse"], ["eps", "ε", "Chance: drawn from a standard normal"],
  ["z", "z", "The code that is decoded: μ + σ · ε"]];
const CHAIN = [["x", "x"], ["q", "q(z|x)"], ["eps", "ε"], ["z", "z = μ + σ · ε"], ["out", "x′"]];
const PLAIN = [["x", "x"], ["z", "z"], ["out", "x′"]];
const TERMS = [["distortion", "Distortion", "−log p(x|z)"], ["rate", "Rate", "KL(q(z|x) ‖ p(z))"], ["loss", "−ELBO", ""]];

const inDigits = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits).replace(/^-/, "\u2212") : "\u2013");

class Numbers {
  constructor(stage, box) {
    Object.assign(this, {stage, box, at: -1, cells: [], key: "", timer: 0, chain: []});
    box.innerHTML = `<div class="buttons"></div><div class="figures"><div class="sum"></div>
      <div class="bar" aria-hidden="true"><i></i><i></i><b></b></div><div class="note"></div><div class="told" aria-live="polite"></div>
      <div class="head"><div class="chain" aria-hidden="true"></div></div><table></table><div class="more"></div>
      <div class="spoken" role="status" aria-live="polite"></div></div>`;
    [this.row] = box.children;
    [this.sum, this.bar, this.note, this.told, this.head, this.table, this.more, this.spoken] = box.lastChild.children;
    this.links = this.head.firstChild;
    const {scene} = stage, change = (act) => () => (act(), stage.frame());
    this.again = button("Resample", "Another ε from chance, so another z from q", change(() => scene.resample()));
    this.mean = button("Mean only", "z = μ, without chance", change(() => scene.setMeanOnly(!scene.meanOnly)));
    this.next = button("Step", "x, q, ε, z and x′, one after the other", () => this.step());
    this.row.append(this.again, this.mean);
    this.head.append(this.next);
    this.terms = TERMS.map((term, i) => this.term(term, i));
  }

  term([name, title, formula], i) {
    const cell = make("div", `term ${name}`);
    cell.innerHTML = `<span class="sign">${["", "+", "="][i]}</span><b>${title}</b><output>–</output><small>${formula}</small>`;
    this.sum.append(cell);
    return {cell, value: cell.querySelector("output"), title: cell.querySelector("b"), words: cell.querySelector("small")};
  }

  load() {
    this.key = "";
    this.stage.scene.stale = true;
    this.stage.frame();
  }

  // `options`: order (the dimensions, those that tell most first), usual (the mean −ELBO of the test images, nats).
  update({options}) {
    this.options = options;
    this.key = "";
    if (this.stage.scene.model) this.draw(this.stage.scene);
  }

  rebuild({model, x}) {
    const plain = model.sure, order = this.options?.order ?? Array.from({length: model.latentDim}, (_, i) => i);
    const columns = plain || !x ? COLUMNS.slice(-1) : COLUMNS, few = order.slice(0, MOST);
    this.plain = plain;
    this.columns = columns;
    this.dimensions = few;
    this.table.innerHTML = `<caption>The code</caption><thead><tr><td></td>${columns.map(([part, name, hint]) =>
      `<th scope="col" class="${part}" title="${plain && part === "z" ? "The code: a point" : hint}">${name}</th>`).join("")}</tr></thead>
      <tbody>${few.map((d) => `<tr><th scope="row">${d + 1}</th>${columns.map(([part]) =>
        `<td class="${part}"></td>`).join("")}</tr>`).join("")}</tbody>`;
    this.cells = [...this.table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td")]);
    const left = order.length - few.length;
    this.more.textContent = left > 0 ? `and ${left} more numbers that tell less` : "";
    this.steps = plain ? PLAIN : CHAIN;
    if (this.at >= this.steps.length) this.at = -1;
    this.links.innerHTML = this.steps.map(([part, name]) => `<span class="${part}">${name}</span>`).join("<i>→</i>");
    this.chain = [...this.links.querySelectorAll("span")];
    this.row.hidden = plain || !x;
    this.next.hidden = !x;
    const {usual} = this.options ?? {};
    setText(this.terms[2].words, usual ? `test images: ${inDigits(usual, 1)}` : "");
    this.sum.hidden = this.bar.hidden = !x;
    for (const {cell} of this.terms.slice(1)) cell.hidden = plain;
    this.mark();
  }

  draw(scene) {
    const {model, x} = scene, key = `${this.stage.model} ${Boolean(x)}`;
    if (!model) return;
    if (key !== this.key) [this.key] = [key, this.rebuild(scene)];
    this.dimensions.forEach((d, i) => this.line(scene, d, this.cells[i]));
    this.drawTerms(scene);
    press(this.mean, scene.meanOnly && scene.from === "q");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.speak(), QUIET);
  }

  // Whoever chose z, z = μ + σ · ε holds: then ε is what it would have taken.
  line({q, shown}, d, cells) {
    const z = shown ? shown[d] : NaN, full = cells.length > 1;
    if (full && q?.logvar) {
      const sd = Math.exp(q.logvar[d] / 2), values = [q.mean[d], q.logvar[d], sd, (z - q.mean[d]) / sd];
      values.forEach((value, i) => setText(cells[i], inDigits(Math.abs(value) < 5e-6 ? 0 : value)));
    }
    setText(cells.at(-1), inDigits(z));
  }

  drawTerms({terms, from, meanOnly, peek}) {
    const {distortion = NaN, rate = NaN} = terms ?? {}, sum = distortion + rate;
    [distortion, rate, sum].forEach((value, i) => setText(this.terms[i].value, inDigits(value, 1)));
    const most = 2 * (this.options?.usual || sum) || 1, part = (value) => `${Math.max(0, Math.min(100, (100 * value) / most))}%`;
    const stacked = !this.plain && distortion >= 0;
    this.bar.classList.toggle("none", !stacked || !this.options?.usual);
    if (stacked) [this.bar.children[0].style.width, this.bar.children[1].style.width] = [part(distortion), part(rate)];
    const one = peek ? "The pointer is on the map: this z is not from q." : from === "z" ? "You chose this z: ε is what it would take."
      : meanOnly ? "At z = μ: a little lower than the average over q, which the bound asks for." : "One z drawn from q stands for the average over q.";
    setText(this.note, `Nats per picture, lower is better. ${this.plain ? "A plain autoencoder has no q(z|x), only a point: no rate, no ELBO." : one}`);
    this.spoke = this.plain ? `Distortion ${inDigits(distortion, 1)} nats`
      : `Distortion ${inDigits(distortion, 1)}, rate ${inDigits(rate, 1)}, sum ${inDigits(sum, 1)} nats`;
  }

  speak() {
    setText(this.spoken, this.spoke ?? "");
  }

  // -- step by step ----------------------------------------------------------------------------------------------------
  step() {
    this.at = this.at + 1 < this.steps.length ? this.at + 1 : -1;
    this.mark();
  }

  // What comes after the step that has been reached is hidden, and that step is marked, here and by style elsewhere.
  mark() {
    const {at, steps, stage} = this, names = steps.map(([part]) => part), now = names[at];
    const state = (element, part) => {
      element.classList.toggle("later", at >= 0 && names.indexOf(part) > at);
      element.classList.toggle("now", at >= 0 && part === now);
    };
    this.chain.forEach((link, i) => state(link, names[i]));
    for (const cell of this.table.querySelectorAll(".q, .eps, .z")) state(cell, cell.classList[0]);
    for (const {cell} of this.terms) state(cell, "out");
    this.bar.classList.toggle("later", at >= 0 && now !== "out");
    this.note.hidden = at >= 0 || !this.stage.scene.x;
    if (now) stage.grid.dataset.step = now;
    else delete stage.grid.dataset.step;
    this.told.textContent = now ? `${at + 1} of ${steps.length}. ${this.words(now)}` : "";
    this.next.textContent = at < 0 ? "Step" : at + 1 < steps.length ? `Next: ${steps[at + 1][1].split(" ")[0]}` : "Done";
    press(this.next, at >= 0);
  }

  words(part) {
    const {model, meanOnly} = this.stage.scene, size = model.shape.reduce((a, b) => a * b, 1), many = model.latentDim;
    const codes = many === 1 ? "one number" : `${many} numbers`;
    return {
      x: `x goes in: ${size.toLocaleString("en")} numbers${size > 2 ? ", one for each pixel, from 0 to 1" : ""}.`,
      q: `The encoder answers not with one code but with a cloud of codes: a mean μ and a log-variance log σ² for each of ${codes}.`,
      eps: meanOnly ? "Chance ε would be drawn here. “Mean only” is on, so it counts as 0: Resample draws it."
        : `Chance: ε, ${codes} from a standard normal, which know nothing of x.`,
      z: this.plain ? `The encoder answers with a point z: ${codes}.` : "z = μ + σ · ε: a point of the cloud. The gradient passes through μ and σ, chance stays outside.",
      out: `The decoder draws x′ from ${codes} alone. Distortion says how badly x fits it${this.plain ? "." : ", rate how much z tells."}`,
    }[part];
  }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

PARTS.numbers = Numbers;
