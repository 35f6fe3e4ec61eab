from flask.cli import AppGroup

commands = AppGroup("reminders")
