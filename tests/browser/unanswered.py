"""What a page has asked its server for and has no answer to yet. Streamlit shows nothing of it before the server says that it runs."""

# For the page: `unanswered()` says whether a run of the script, the places for files or an upload are awaited. Each message is read as
# far as its kind. Runs that a page asks for again and again by itself do not count, nor does what nobody has answered for LOST ms.
LISTEN = """(() => {
  if (globalThis.unanswered) return;
  const RERUN = 11, FRAGMENT = 5, REPEATED = 6, FILES = 16;  // numbers of Streamlit's messages and of their parts
  const BEGUN = 4, FINISHED = 6, EARLY = 2, OF_FRAGMENT = 3, PLACES = 19, LOST = 30000;
  const open = {run: false, full: false, begun: false, files: 0, uploads: 0}, sockets = new WeakSet();
  let since = 0;
  const ask = (news) => { Object.assign(open, news); since = performance.now(); };
  function* fields(bytes) {
    let at = 0;
    const number = () => {
      for (let value = 0, unit = 1; ; unit *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * unit;
        if (!(byte & 128)) return value;
      }
    };
    while (at < bytes.length) {
      const key = number(), value = number(), isLong = key % 8 === 2;
      yield [Math.floor(key / 8), isLong ? bytes.subarray(at, at + value) : value];
      if (isLong) at += value;
    }
  }
  const kind = (bytes) => { for (const field of fields(bytes)) if (field[0] > 2) return field; return [0, 0]; };
  const hear = (bytes) => {
    const [name, value] = kind(bytes);
    if (name === BEGUN) open.begun = true;
    if (name === FINISHED && open.begun && value !== EARLY && !(open.full && value === OF_FRAGMENT)) open.run = open.full = false;
    if (name === PLACES) open.files = Math.max(0, open.files - 1);
  };
  const listen = (socket) => {
    sockets.add(socket);
    socket.addEventListener("message", ({data}) => data instanceof ArrayBuffer && hear(new Uint8Array(data)));
    socket.addEventListener("close", () => Object.assign(open, {run: false, full: false, files: 0}));
  };
  const {send} = WebSocket.prototype, {send: put} = XMLHttpRequest.prototype;
  WebSocket.prototype.send = function (data) {
    if (data instanceof Uint8Array && this.url.includes("/_stcore/stream")) {
      if (!sockets.has(this)) listen(this);
      const [name, value] = kind(data), asked = name === RERUN ? new Map(fields(value)) : null;
      if (asked && !asked.get(REPEATED)) ask({run: true, begun: false, full: open.full || !asked.get(FRAGMENT)?.length});
      if (name === FILES) ask({files: open.files + 1});
    }
    return send.call(this, data);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (body instanceof FormData) {
      ask({uploads: open.uploads + 1});
      this.addEventListener("loadend", () => ask({uploads: open.uploads - 1}));
    }
    return put.call(this, body);
  };
  globalThis.unanswered = () => Boolean(open.run || open.files || open.uploads) && performance.now() - since < LOST;
})();"""
