// The entry for Streamlit: the pad on which a density is drawn.

import {showPad} from "./density_pad.js";

export default showPad;
