"""What makes a password hard to guess: length, and not being one of those that are tried first. No other rules."""

import unicodedata

from groupsite.domain.errors import InvalidInput

SHORTEST = 10
LONGEST = 256
FEWEST_DIFFERENT = 4

_TRIED_FIRST = """
    abc abcd abcde abcdef abcdefg abcdefgh abcdefghij access account admin administrator amanda andrea angel angels
    apple ashley asdf asdfgh asdfghjkl autumn banana baseball basketball batman biteme blessed blink buster butterfly
    changeme charlie cheese chelsea chocolate computer cookie corvette dallas daniel default dolphin donald dragon
    eminem family ferrari flower football forever freedom friend friends fuckyou george ginger guest hannah happy
    harley hello helloworld hockey hunter iloveyou internet jasmine jennifer jessica jesus jordan joshua justin killer
    letmein letmeinnow liverpool login london love loveme lovely madison maggie manchester master matrix matthew
    mercedes michael michelle monkey mustang mynoob nicole ninja nothing ou812 pass passphrase passw0rd password
    passwordpassword pepper pokemon princess purple qazwsx qazwsxedc qwer qwert qwerty qwertyqwerty qwertyuiop robert
    samantha secret secretsecret shadow soccer spring starwars summer sunshine superman superstar taylor thomas tigger
    trustno unknown username welcome welcometo whatever william winter yankees zaq zxcvbn zxcvbnm zaqxsw
"""
_OF_THIS_PLACE = """
    adultchild alanon anonymous boundaries boundary calendar circle coda codependence codependency codependent
    codependents evening evenings group groups groupsite higherpower letgo meeting meetings newcomer oneday
    onedayatatime peersupport recovery reminder secretary serenity serenitynow serenityprayer share shares sponsor
    steps support supportgroup tradition traditions twelvestep twelvesteps
"""
_KNOWN = frozenset((_TRIED_FIRST + _OF_THIS_PLACE).split())
_ROWS = (
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def normal(password: str) -> str:
    """One spelling for what looks the same on different keyboards (NFKC, as NIST SP 800-63B asks); never cut."""
    return unicodedata.normalize("NFKC", password)


def checked_password(password: str, *, login: str = "") -> str:
    """The password as it will be hashed. Raises InvalidInput for `password` with a sentence that says what to do."""
    text = normal(password)
    if len(text) < SHORTEST:
        raise _wrong(f"Please use at least {SHORTEST} characters. A few words in a row are easy to remember.")
    if len(text) > LONGEST:
        raise _wrong(f"Please keep it to {LONGEST} characters.")
    if _is_guessed_early(text.casefold(), login):
        raise _wrong("This is one of the passwords that people try first. Please choose another one.")
    return text


def _is_guessed_early(text: str, login: str) -> bool:
    letters = "".join(character for character in text if character.isalnum())
    is_row = bool(letters) and any(letters in row or letters[::-1] in row for row in _ROWS)
    if is_row or len(set(text)) < FEWEST_DIFFERENT:
        return True
    cores = {_core(text), _core(letters), _core(text).translate(_LOOKALIKES), _core(text.translate(_LOOKALIKES))}
    known = _KNOWN | ({login} if login else set())
    return any(core == word or _is_repeat_of(core, word) for core in cores for word in known)


def _core(text: str) -> str:
    """The text without the digits and signs that people put around a word."""
    return "".join(text.split()).strip("0123456789.,-_!?*#$%&@+=/~^()[]{}'\"<>:;|\\")


def _is_repeat_of(core: str, word: str) -> bool:
    return bool(core) and len(core) % len(word) == 0 and core == word * (len(core) // len(word))


def _wrong(reason: str) -> InvalidInput:
    return InvalidInput("password", reason)
