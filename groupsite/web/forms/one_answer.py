"""Going, or not this time: two equal answers and a way to take them back. No reason is asked for anywhere."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

from groupsite.domain.words import Answer
from groupsite.web.forms.answers import text

NOTHING = "nothing"
WORDS = {Answer.GOING: "Going", Answer.NOT_THIS_TIME: "Not this time"}


class AnswerForm(FlaskForm):
    """The buttons are the field."""

    answer = StringField(validators=[AnyOf([*WORDS, NOTHING], "Please use one of the buttons.")])

    def chosen(self) -> Answer | None:
        """The answer, or None to take it back; after validation."""
        return None if self.answer.data == NOTHING else Answer(text(self.answer))
