"""Atomic writing of files, and folders with one writer at a time.

Everything that the library writes goes through this package: `put` and `draft` for a file, `put_all` for files that
belong together. If a process is killed at any instant, the old or the complete new content is found afterwards.

Stability: provisional.
"""

from prai_match.files._drafts import draft as draft, lock as lock, make_folder as make_folder, put as put
from prai_match.files._records import Save, digest as digest, read_record as read_record, record_bytes as record_bytes
from prai_match.files._sets import put_all as put_all, read_settled as read_settled, settle as settle

__all__ = ["Save"]
