"""The stage: the window, what is drawn in it, and Qt, which nothing outside this package and the app knows."""
