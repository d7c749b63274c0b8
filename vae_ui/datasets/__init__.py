"""The choice of a data set, which the Data and Train pages share: named sets, their download, and uploads."""
