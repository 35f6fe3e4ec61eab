"""A group that writes much, written by the database itself: members, shares, what waits to be looked at, who hides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

MEMBERS, SHARES = 3_000, 20_000
WAITING = 400
"""So many shares are held, and so many more are shown and reported."""
NAME = "crowd-"

PEOPLE = """
INSERT INTO account
SELECT (jsonb_populate_record(NULL::account, to_jsonb(one) || jsonb_build_object(
  'id', md5(:name || n)::uuid, 'login', :name || n, 'email_sealed', NULL, 'passkey_handle', '\\x' || md5(:name || n)))).*
FROM account one, generate_series(1, :members) n WHERE one.id = :like_id"""
BELONGING = """
INSERT INTO membership
SELECT (jsonb_populate_record(NULL::membership, to_jsonb(one) || jsonb_build_object(
  'id', md5(:name || n)::uuid, 'account_id', md5(:name || n)::uuid, 'display_name', :name || n, 'roles', '{member}'::text[],
  'unsubscribe_hash', '\\x' || md5(:name || n)))).*
FROM membership one, generate_series(1, :members) n WHERE one.account_id = :like_id AND one.group_id = :group_id"""
WRITTEN = """
INSERT INTO written_share (id, group_id, membership_id, state, content_note, body, published_at, expires_at, waits_since, held_for)
SELECT gen_random_uuid(), :group_id, md5(:name || (1 + n % :members))::uuid,
       CASE WHEN n < :waiting THEN 'held' ELSE 'published' END, '', 'Words ' || n,
       CAST(:now AS timestamptz) - n * interval '1 second', CAST(:now AS timestamptz) + interval '7 days',
       CASE WHEN n < 2 * :waiting THEN CAST(:now AS timestamptz) END, CASE WHEN n < :waiting THEN 'first_look' END
FROM generate_series(0, :shares - 1) n"""
REPORTED = """
INSERT INTO share_report (id, share_id, reporter_id, reason)
SELECT gen_random_uuid(), share.id, md5(:name || n)::uuid, 'advice'
FROM written_share share, generate_series(:members - 1, :members) n
WHERE share.waits_since IS NOT NULL AND share.state = 'published' AND share.group_id = :group_id"""
APART = """
INSERT INTO hidden_from (id, group_id, hider_id, other_id, is_named)
SELECT gen_random_uuid(), :group_id, :like_id, md5(:name || n)::uuid, true FROM generate_series(1, 200) n"""


def gather(session: Session, group_id: UUID, like_id: UUID, *, now: datetime) -> None:
    """3,000 members like the account `like_id`, their 20,000 shares, 400 held and 400 reported; it hides from 200 of them."""
    told = {"group_id": group_id, "like_id": like_id, "now": now, "name": NAME}
    sizes = {"members": MEMBERS, "shares": SHARES, "waiting": WAITING}
    for statement in (PEOPLE, BELONGING, WRITTEN, REPORTED, APART):
        session.execute(text(statement), told | sizes)
    session.execute(text("ANALYZE"))
