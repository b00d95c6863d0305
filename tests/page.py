"""A page in small, for tests without a browser: it sends what a card sends and hears what a card hears."""


class Page:
    """What a page would hear: custom messages as they are sent."""

    def __init__(self, session):
        self.session = session
        self.card = session.widget
        self.heard = []
        self.card.send = lambda content, buffers=None: self.heard.append((content, buffers))
        self.client_seq = 0

    def send(self, kind, **parts):
        self.client_seq += 1
        state = self.card.session
        event = {
            "kind": kind,
            "event_id": f"e{self.client_seq}",
            "client_id": "tab",
            "client_seq": self.client_seq,
            "session_id": state["session_id"],
            "reviewer": state["reviewer"],
        }
        self.card._on_message(self.card, event | parts, [])

    def decide(self, item_id=None, **parts):
        entries = dict(self.card.queue["entries"])
        item_id = item_id or next(iter(entries))
        defaults = {
            "item_id": item_id,
            "content_hash": entries.get(item_id, "?"),
            "model_version": self.card.session["model_version"],
            "action": "accept",
            "value": "refund",
            "first_value": None,
            "reason": None,
            "comment": None,
            "replaces": None,
            "blind": False,
            "explained": True,
            "shown_at": "2026-11-21T09:30:00.120Z",
            "decided_at": "2026-11-21T09:30:02.480Z",
            "seconds": 2.36,
        }
        self.send("decide", **(defaults | parts))

    def ask(self, kind, **parts):
        self.heard.clear()
        self.card._on_message(self.card, {"kind": kind, "request_id": "r1", **parts}, [])
        return [content for content, _ in self.heard]
