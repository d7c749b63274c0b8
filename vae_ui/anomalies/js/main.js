// The entry for Streamlit: the histogram of scores with its threshold, the counts, and the two curves.

import {showThreshold} from "./threshold.js";

export default showThreshold;
