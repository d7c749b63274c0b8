// The code of the two components that every page has: the one that keeps its address, and the button that copies it. With the second
// come how the menu closes, and the words for Streamlit's own widgets.

import {writeAddress} from "./address.js";
import {showLink} from "./copy_link.js";
import {closeMenuOnChoice} from "./menu.js";
import {replaceWords} from "./streamlit_words.js";

/** @import {Address} from "./address.js" */
/** @import {LinkComponent} from "./copy_link.js" */

/** @typedef {{queue: {data: Address}[], write?: (component: {data: Address}) => void}} Meeting */

const everywhere = /** @type {{[name: symbol]: Meeting | undefined}} */ (globalThis);

/** @param {LinkComponent} component */
export default function (component) {
  const meeting = (everywhere[Symbol.for("latent-address-queue")] ??= {queue: []});
  meeting.write = ({data}) => writeAddress(data);
  meeting.queue.splice(0).forEach(meeting.write);
  closeMenuOnChoice();
  replaceWords(component.data.streamlit);
  showLink(component);
}
