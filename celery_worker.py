"""`celery -A celery_worker` finds the application here."""

from groupsite import create_app

app = create_app().extensions["celery"]
