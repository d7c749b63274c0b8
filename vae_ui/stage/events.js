// Hands on the plane: mouse, pen, fingers, wheel and keys, each turned into one of the stage's verbs.

const STILL = 5;  // pixels that a hand may tremble in a click

export function listen(canvas, stage) {
  const fingers = new Map();
  let mode = null, start = null, moved = false, last = null;
  // A mouse drags the map and hovers to look; a finger cannot hover, so it drags z itself, and two fingers drag the map.
  const handle = (e) => (e.pointerType !== "mouse" && stage.scene.model) || stage.overZ(...start);
  const place = (e) => {
    const box = canvas.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  };

  canvas.addEventListener("pointerdown", (e) => {
    if (e.button || !stage.block) return;
    canvas.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, place(e));
    [start, last, moved] = [place(e), place(e), false];
    if (fingers.size === 2) stage.outline = null;
    mode = fingers.size === 2 ? "pinch" : stage.tool !== "move" ? stage.tool : handle(e) ? "z" : "pan";
    stage.peekAt(null);
    if (e.pointerType !== "mouse") stage.hoverAt(...start);
  });

  canvas.addEventListener("pointermove", (e) => {
    if (!stage.block) return;
    const [x, y] = place(e);
    if (!fingers.has(e.pointerId)) return stage.peekAt(x, y), stage.hoverAt(x, y);
    const before = [...fingers.values()];
    fingers.set(e.pointerId, [x, y]);
    moved ||= mode === "pinch" || Math.hypot(x - start[0], y - start[1]) > STILL;
    if (!moved) return;
    if (mode === "pinch") pinch(stage, before, [...fingers.values()]);
    else if (mode === "pan") stage.panBy(x - last[0], y - last[1]);
    else if (mode === "z") stage.moveZ(stage.view.dx(x), stage.view.dy(y));
    else if (mode === "box") stage.trace([start[0], start[1], x, start[1], x, y, start[0], y]);
    else if (mode === "lasso") stage.trace([...(stage.outline || start), x, y]);
    last = [x, y];
  });

  const lift = (e) => {
    if (!fingers.delete(e.pointerId)) return;
    if (fingers.size) {  // one finger of two is left: it goes on moving the map
      [last] = fingers.values();
      mode = "pan";
      return;
    }
    const was = mode;
    mode = null;
    if (e.type === "pointercancel" && !stage.touched) return stage.trace(null);
    if (!moved) stage.click(...start, e.timeStamp);
    else if (stage.touched) stage.send("drag");
    else if (was === "box" || was === "lasso") stage.select();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", (e) => e.pointerType === "mouse" && (stage.peekAt(null), stage.hoverAt(null)));
  canvas.addEventListener("wheel", (e) => {
    const factor = Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0016) * (e.ctrlKey ? 5 : 1));
    if (stage.block && stage.zoomBy(...place(e), factor)) e.preventDefault();  // at the limit the page scrolls on
  }, {passive: false});
  keys(canvas, stage);
}

// Two fingers: the middle between them pans, their distance zooms.
function pinch(stage, [a, b], [c, d]) {
  const middle = (p, q) => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], gap = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]);
  const from = middle(a, b), to = middle(c, d);
  stage.panBy(to[0] - from[0], to[1] - from[1]);
  stage.zoomBy(...to, gap(c, d) / Math.max(1, gap(a, b)));
}

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

function keys(canvas, stage) {
  let walking = false;
  canvas.addEventListener("keydown", (e) => {
    if (!stage.block || e.ctrlKey || e.metaKey || e.altKey) return;
    const middle = [stage.view.width / 2, stage.view.height / 2];
    if (ARROWS[e.key]) walking = stage.step(...ARROWS[e.key], e.shiftKey);
    else if (e.key === "+" || e.key === "=") stage.zoomBy(...middle, 1.25);
    else if (e.key === "-") stage.zoomBy(...middle, 0.8);
    else if (e.key === "0" || e.key === "Home") stage.reset();
    else if (e.key === "Escape") stage.clear();
    else if (e.key === "Enter") stage.pickAtZ();
    else return;
    e.preventDefault();
  });
  const settle = () => {
    if (walking) stage.send("key");
    walking = false;
  };
  canvas.addEventListener("keyup", (e) => ARROWS[e.key] && settle());
  canvas.addEventListener("blur", settle);
}
