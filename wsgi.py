"""Environment → settings → the application: what a web server and the `flask` command load."""

import gc

gc.disable()  # nothing of what is imported here ever becomes garbage; looking for some takes a quarter of the start

import os  # noqa: E402

import config  # noqa: E402
from app.factory import create_app  # noqa: E402

app = create_app(config.read(os.environ))

gc.enable()
gc.freeze()  # what is there by now stays; processes that a web server forks go on sharing it
