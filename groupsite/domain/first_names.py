"""Common first names in the languages that pages are most often written in; without those that are everyday words or months."""

_NAMES = """
aaron abby abdul abigail adam adele adrian agnes ahmed aisha alan albert alejandra alejandro alex alexander alexandra alfred
ali alice alicia alison amanda amelia amina amir amy ana anders andre andrea andreas andrew andy angela anita anja anna anne
annette annie anthony antonio arthur asha astrid barbara beatriz ben benjamin bernard bernd beth birgit bob brenda brian bruno
camila carl carla carlos carmen carol carolina caroline catherine cathy cecilia charles charlotte chloe chris christina
christine christoph christopher cindy claire clara claudia colin connor craig cristina cynthia daniel daniela danielle david
deborah debra denise dennis derek diana diane diego dieter dirk dmitri dominic donald donna dora doris dorothy douglas
edith eduardo edward eileen elaine elena eli elisabeth elizabeth ellen elsa emil emily emma enrique eric erik erika esther
ethan eva evelyn fatima felix fernando fiona florian frances francesca francis francisco frank franz fred frederick frida
gabriel gabriela gareth gary geoffrey george gerald gerard gisela giovanni giulia gloria gordon greg gregory guillermo gustav
hannah hans harold harry hassan heather hector heike helen helena helga henry hilary hilda hugo ian ibrahim ines inga ingrid
irene iris isabel isabella ivan jack jacob jacqueline jaime james jan jane janet janice jason javier jean jeff jeffrey jenna
jennifer jenny jeremy jessica jim jimmy joan joanna joanne joe johanna johannes john johnny jonas jonathan jorge jose joseph
josephine joshua juan juana judith judy julia julian julie jutta karen karin karl katherine kathleen katie katrin keith
kelly kenneth kerstin kevin khalid klaus kristin lars laura lauren lawrence leah lena leo leon leonard leonardo leslie liam
lina linda lisa lorenzo louis louise lucas lucia lucy luigi luis luisa lukas magdalena manuel manuela marc marcel marco
marcus margaret margarita maria marie marina mario marisol marta martha martin martina mary matteo matthew matthias maureen
max maya megan mehmet melanie melissa mia michael michaela michelle miguel mike mohamed mohammed monica monika muhammad nadia
nancy natalia natalie nathan neil nicholas nicola nicolas nicole nigel nina noah nora norman oliver olivia omar oscar otto
pablo pamela paola patricia patrick paul paula paulo pedro peter petra philip phillip pierre priya rachel rafael rahul ralph
ramon raquel raymond rebecca regina renate ricardo richard rita robert roberto robin rodrigo roger roland ronald rosa
rosemary ruben russell ruth ryan sabine salma sally sam samantha samuel sandra sanjay sara sarah scott sean sebastian sergei
sergio sharon sheila shirley silvia simon sofia sonia sophia sophie stefan stefanie stella stephanie stephen steve steven
stuart sunita susan susanne sven sylvia tamara tanja tatiana teresa theodore theresa thomas tim timothy tina tobias tom tony
tracy ulrich ursula ute valentina valeria vanessa vera veronica victor victoria vikram vincent virginia vladimir walter
wayne wendy werner wilhelm william wolfgang xavier yasmin yusuf yvonne zoe
"""

FIRST_NAMES = frozenset(_NAMES.split())
