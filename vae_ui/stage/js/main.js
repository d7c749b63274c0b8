// The entry for Streamlit, called with each change of what Python sends; what it returned would be called when the stage leaves the page.

import {mount} from "./host/mount.js";

/** @import {StageComponent} from "./blocks/kept.js" */

/** @param {StageComponent} component */
export default function (component) {
  mount(component);
}
