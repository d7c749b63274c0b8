// Reads the block that payload.py packs: header length, JSON header, then arrays on 8-byte boundaries.

const VIEWS = {f4: Float32Array, u1: Uint8Array, i4: Int32Array, u2: Uint16Array};

// -> {header, arrays: {name: typed array}, shapes: {name: [..]}, later: {name: promise}}
// Deflated arrays are promises, so that the points are on the screen before the thumbnails are unpacked.
export function unpack(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  const start = Math.ceil((4 + size) / 8) * 8;
  const block = {header, arrays: {}, shapes: {}, later: {}};
  for (const {name, kind, shape, offset, bytes: length, deflate} of header.arrays) {
    const body = bytes.slice(start + offset, start + offset + length);  // a copy: its buffer starts on a boundary
    block.shapes[name] = shape;
    if (deflate) block.later[name] = inflate(body).then((raw) => (block.arrays[name] = new VIEWS[kind](raw)));
    else block.arrays[name] = new VIEWS[kind](body.buffer);
  }
  return block;
}

function inflate(body) {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
