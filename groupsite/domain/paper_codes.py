"""Codes that people keep on paper or say on the telephone: random letters in blocks of four, read however they are typed."""

import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike on paper."""
BLOCK = 4


def random_letters(count: int, alphabet: str = LETTERS) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(count))


def in_blocks(letters: str) -> str:
    """`abcd-efgh-jkmn-pqrs`, as a code is shown."""
    return "-".join(letters[start : start + BLOCK] for start in range(0, len(letters), BLOCK))


def letters_in(typed: str) -> str:
    """Without the dashes and spaces that somebody typed or left out."""
    return "".join(character for character in typed if character.isalnum())
