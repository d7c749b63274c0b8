// The entry for Streamlit: the gallery of models.

import {showGallery} from "./gallery.js";

export default showGallery;
