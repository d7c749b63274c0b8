// The entry for Streamlit. The component that carries the first block of bytes runs this file: it keeps the block, as it will those
// that other components carry, and hands `mount` to the stages that wait for it.

import {keep, meeting} from "./host/blocks.js";
import {mount} from "./host/mount.js";
import {unpack} from "./host/payload.js";

const kept = new WeakSet();

/** @param {Uint8Array} bytes */
function take(bytes) {
  if (!kept.has(bytes)) keep(unpack(bytes));  // a change of theme calls again with the same bytes
  kept.add(bytes);
}

/** @param {{data: Uint8Array}} component */
export default function ({data}) {
  take(data);
  meeting.take = take;
  meeting.bytes.splice(0).forEach(take);
  meeting.mount = mount;
  meeting.queue.splice(0).forEach(mount);
}
