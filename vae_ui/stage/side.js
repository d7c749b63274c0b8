// Parts: what stands beside the map, each in a file of its own, named by Python and placed by the layout's style.

export const PARTS = {};

// The parts that `names` asks for, made once and kept; those not asked for are hidden and not drawn.
export function arrange(stage, grid, made, names) {
  for (const name of names) {
    if (made[name]) continue;
    const box = document.createElement("div");
    box.className = `part part-${name}`;
    grid.append(box);
    made[name] = Object.assign(new PARTS[name](stage, box), {box});
  }
  for (const [name, part] of Object.entries(made)) part.box.hidden = !names.includes(name);
  return names.map((name) => made[name]);
}
