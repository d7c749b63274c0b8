// Plays Streamlit's part in a saved file: the blocks lie in the page, and what is told to Python goes nowhere. Each mode is
// what one of the app's pages would send: other parts around the same map, model and code.

function open(page) {
  for (const block of page.querySelectorAll('script[type="application/octet-stream"]')) {
    const text = atob(block.textContent), bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    keep(unpack(bytes));
    block.remove();  // megabytes of letters
  }
  const parentElement = page.querySelector("main").attachShadow({mode: "open"}), nav = page.querySelector("nav");
  parentElement.innerHTML = '<div class="stage"></div>';
  const root = parentElement.firstChild, modes = JSON.parse(page.querySelector('script[type="application/json"]').textContent);
  let now = modes[0];
  const show = (mode) => {
    now = mode;
    mount({parentElement, data: {...mode, seen: root.stage?.count ?? 0}, setStateValue() {}});
    const {scene} = root.stage;
    if (mode.parts.includes("pad") && scene.x) scene.setX(scene.x);  // what is on the pad decides z again
    page.querySelector("#note").textContent = mode.note;
    buttons.forEach((each, i) => press(each, modes[i] === mode));
  };
  const buttons = modes.map((mode) => button(mode.title, mode.note, () => show(mode)));
  nav.append(...(modes.length > 1 ? buttons : []));
  show(now);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(now));
}

open(document);
