"""The graph store: placeholder while being written."""

from flask import Blueprint

bp = Blueprint("graphs", __name__)
