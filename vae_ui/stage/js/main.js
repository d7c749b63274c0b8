// The entry for Streamlit: `mount` is called with each change of what Python sends.

export {mount as default} from "./host/mount.js";
