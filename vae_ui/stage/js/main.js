// The entry for Streamlit. The component that carries a block of bytes runs this file: it keeps the block, and hands `mount` to
// the stages that wait for it.

import {keep, meeting} from "./host/blocks.js";
import {mount} from "./host/mount.js";
import {unpack} from "./host/payload.js";

const kept = new WeakSet();

/** @param {{data: Uint8Array}} component */
export default function ({data}) {
  if (!kept.has(data)) keep(unpack(data));  // a change of theme calls again with the same bytes
  kept.add(data);
  meeting.mount = mount;
  meeting.queue.splice(0).forEach(mount);
}
