"""`celery -A tests.chaos.app:celery` finds the application of a fault run here."""

from tests.chaos.clockwork import build

celery = build().extensions["celery"]
