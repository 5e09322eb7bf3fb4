"""Two people who act at the same moment."""

import threading

from tests.careful import CarefulClient


class Pair:
    """Two browsers of people who may do the same."""

    def __init__(self, one: CarefulClient, other: CarefulClient) -> None:
        self.both = [one, other]
        self.tokens = [one.token("/account/password"), other.token("/account/password")]

    def at_once(self, *forms: tuple[str, dict[str, object]]) -> list[int]:
        """Each sends its form (where, fields) at the same moment; the statuses, sorted."""
        start, statuses = threading.Barrier(2), []

        def send(who: int) -> None:
            where, fields = forms[who]
            sent = {"csrf_token": self.tokens[who], **fields}
            start.wait()
            answer = self.both[who].post(where, data=sent, content_type="multipart/form-data")
            statuses.append(answer.status_code)

        threads = [threading.Thread(target=send, args=(who,)) for who in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(statuses)
