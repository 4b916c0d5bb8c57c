"""Environment → settings → the application: what a web server and the `flask` command load."""

import os

import config
from app.factory import create_app

app = create_app(config.read(os.environ))
