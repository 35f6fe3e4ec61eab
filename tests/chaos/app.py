"""`celery -A tests.chaos.app:celery` and `granian tests.chaos.app:web` find the application of a fault run here."""

from tests.chaos.clockwork import build

web = build()
celery = web.extensions["celery"]
