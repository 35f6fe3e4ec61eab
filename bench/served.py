"""What the measured server serves: the application, and at `/bare` a Flask application with one view and nothing else."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from groupsite import create_app

bare = Flask("bare")


@bare.get("/")
def hello() -> str:
    return "hello"


application = DispatcherMiddleware(create_app().wsgi_app, {"/bare": bare.wsgi_app})
