// The code of the two components that every page has: the one that keeps its address, and the button that copies it. With the second
// come how the menu closes, and the words for Streamlit's own widgets.

import {writeAddress} from "./address.js";
import {showLink} from "./copy_link.js";
import {closeMenuOnChoice} from "./menu.js";
import {replaceWords} from "./streamlit_words.js";

/** @import {Address} from "./address.js" */
/** @import {LinkComponent} from "./copy_link.js" */

/** @param {{data: Address}} component */
export function address({data}) {
  writeAddress(data);
}

/** @param {LinkComponent} component */
export default function (component) {
  closeMenuOnChoice();
  replaceWords(component.data.streamlit);
  showLink(component);
}
