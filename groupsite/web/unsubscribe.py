from flask import Blueprint

blueprint = Blueprint("unsubscribe", __name__)
