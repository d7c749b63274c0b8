"""One training in this process: `fit` and its parts. Background runs (`runs`, `scheduling`) and pages are not known here."""
