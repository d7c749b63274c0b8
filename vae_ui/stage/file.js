// Plays Streamlit's part in a saved file: the blocks lie in the page, and what is told to Python goes nowhere.

function open(page) {
  for (const block of page.querySelectorAll('script[type="application/octet-stream"]')) {
    const text = atob(block.textContent), bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    keep(unpack(bytes));
    block.remove();  // megabytes of letters
  }
  const parentElement = page.querySelector("main").attachShadow({mode: "open"});
  parentElement.innerHTML = '<div class="stage"></div>';
  const data = JSON.parse(page.querySelector('script[type="application/json"]').textContent);
  const begin = () => mount({parentElement, data, setStateValue() {}});
  begin();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", begin);
}

open(document);
