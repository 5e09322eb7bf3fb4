"""The sample website beside the server of a demonstration, so that it can be scanned again."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from .site import HOST, serve_site

ALLOW = "TANTU_SCAN_ALLOW"


@contextmanager
def sample_site(port: int, allowed: str, say: Callable[[str], None]) -> Iterator[None]:
    """Serve it while the block lasts, and let workers started meanwhile scan that address too.
    Where the port is another program's, nothing more is allowed."""
    before = os.environ.get(ALLOW)
    with ExitStack() as open_now:
        try:
            say(f"示例网站：{open_now.enter_context(serve_site(port))}")
        except OSError as error:
            say(f"端口 {port} 不能使用，示例网站不能再次扫描：{error.strerror}")
        else:
            os.environ[ALLOW] = ",".join(filter(None, (allowed, f"{HOST}:{port}")))
        try:
            yield
        finally:
            os.environ.pop(ALLOW, None)
            if before is not None:
                os.environ[ALLOW] = before
