"""The words of a share that is with its author alone: readable with the site's secret only, not in a copy of the tables."""

import json

from groupsite.domain.share_states import WITH_AUTHOR
from groupsite.mail.vault import Vault
from groupsite.models import WrittenShare


def seal(share: WrittenShare, vault: Vault, *, body: str, content_note: str) -> None:
    """Keep these words with the share, and nothing that can be read."""
    share.words_sealed = vault.seal(json.dumps([body, content_note], ensure_ascii=False))
    share.body = share.content_note = ""


def words_of(share: WrittenShare, vault: Vault) -> tuple[str, str]:
    """Body and content note, sealed or not; empty when they were sealed under another secret."""
    if share.state not in WITH_AUTHOR:
        return share.body, share.content_note
    opened = vault.open(share.words_sealed) if share.words_sealed else None
    if opened is None:
        return "", ""
    body, content_note = json.loads(opened)
    return body, content_note
