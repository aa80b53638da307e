"""The fast path with the routes of all apps."""

from accounts.api import fast_path as accounts
from accounts.auth.batch_identity import principals_of
from catalog.api import fast_path as catalog
from kushfilms.core.fast_path.routes import FastPath
from streaming.api import fast_path as streaming

fast_path = FastPath([*streaming.ROUTES, *catalog.ROUTES, *accounts.ROUTES], identify=principals_of)
