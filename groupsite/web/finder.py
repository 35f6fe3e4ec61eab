from flask import Blueprint

blueprint = Blueprint("finder", __name__)
