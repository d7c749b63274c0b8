// Everything around the plane that is an ordinary button: tools, zoom, classes, switches.

const TOOLS = [["move", "Move", "Drag to move, click to choose z"], ["box", "Box", "Drag a box around points"],
  ["lasso", "Lasso", "Draw a line around points"]];
const ZOOM = [["+", "Zoom in"], ["\u2212", "Zoom out"], ["Reset", "Show everything again"]];

export class Panel {
  constructor(root, plane, stage) {
    this.stage = stage;
    this.tools = make("div", "tools", {role: "toolbar", "aria-label": "Map tools"});
    this.picks = TOOLS.map(([tool, text, hint]) => button(text, hint, () => stage.choose(tool)));
    const modes = make("div", "group"), steps = make("div", "group");
    modes.append(...this.picks);
    steps.append(...ZOOM.map(([text, hint]) => button(text, hint, () => stage.zoomButton(text), hint)));
    this.tools.append(modes, steps);
    this.status = make("div", "status", {"aria-live": "polite", role: "status"});
    this.clear = button("Clear", "Forget the selection (Escape)", () => stage.clear());
    this.clear.classList.add("clear");
    this.foot = make("div", "foot");
    plane.before(this.tools);
    plane.append(this.status);
    root.append(this.foot);
  }

  // Called when another model's map arrives.
  rebuild() {
    const {stage} = this, {names} = stage.block.header;
    this.chips = names.map((name, k) => {
      const chip = button(name, `Show or hide ${name}; with Shift: only ${name}`, (e) => stage.toggle(k, e.shiftKey));
      chip.style.setProperty("--dot", stage.colours[k]);
      chip.classList.add("chip");
      return chip;
    });
    this.all = button("All", "Show every class", () => stage.toggle(null));
    this.switches = stage.switchNames().map((name) => {
      const chip = button(name, `Show or hide the ${name}`, () => stage.flip(name));
      chip.classList.add("switch");
      chip.dataset.layer = name;
      return chip;
    });
    const classes = make("div", "chips", {role: "group", "aria-label": "Classes shown"});
    const layers = make("div", "chips", {role: "group", "aria-label": "Layers shown"});
    classes.append(...(names.length > 1 ? [...this.chips, this.all] : []));
    layers.append(...this.switches);
    this.foot.replaceChildren(classes, layers);
    this.refresh();
  }

  refresh() {
    const {stage} = this;
    TOOLS.forEach(([tool], i) => press(this.picks[i], stage.tool === tool));
    this.chips.forEach((chip, k) => press(chip, stage.shown[k]));
    this.all.hidden = stage.shown.every(Boolean);
    stage.switchNames().forEach((name, i) => press(this.switches[i], stage.on[name]));
    const many = stage.selected.length;
    const text = many ? `${many.toLocaleString("en")} points selected ` : stage.readout();
    this.status.replaceChildren(...(text ? [text] : []));
    if (many) this.status.append(this.clear);
  }
}

export function make(tag, name, attributes = {}) {
  const element = document.createElement(tag);
  element.className = name;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export function button(text, hint, act, label) {
  const element = make("button", "", {type: "button", title: hint});
  if (label) element.setAttribute("aria-label", label);
  element.textContent = text;
  element.addEventListener("click", act);
  return element;
}

export function press(element, on) {
  const text = String(Boolean(on));
  if (element.getAttribute("aria-pressed") !== text) element.setAttribute("aria-pressed", text);
}

// A text that changes with every frame costs a layout each time: it is written ten times a second at most, and at rest.
const waiting = new Map();
let timer = 0;

export function write(element, text) {
  waiting.set(element, text);
  timer ||= setTimeout(() => {
    timer = 0;
    for (const [each, words] of waiting) if (each.textContent !== words) each.textContent = words;
    waiting.clear();
  }, 100);
}
