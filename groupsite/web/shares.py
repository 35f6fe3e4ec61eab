from flask import Blueprint

blueprint = Blueprint("shares", __name__)
