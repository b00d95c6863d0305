"""A review of items that have every kind of field and of explanation."""

REVIEW_OF_EVERY_FIELD = """
import numpy as np
import hitl_notebook as hitl
from hitl_notebook.fields import HTML, Chat, Code, Contributions, HeatMap, Image, Markdown, Similar, Table, TokenWeights

wide = {f"feature {n}": n / 7 for n in range(300)}
long = "".join(f"Line {n} of the letter says little that is new.\\n" for n in range(2_500)) + "the " + "needle"
one = {
    "text": "It does not print.", "letter": long,
    "note": "# Heading\\n\\n- a **list** with [a link](https://example.org)\\n\\n"
        "| a | b |\\n|-|-|\\n| 1 | 2 |",
    "source": "def f():\\n    return 1", "photo": np.eye(32),
    "mail": "<h1>Offer</h1><p style='color: #777'>Today only</p>",
    "row": wide, "orders": [{"sum": 1.5, "id": "A-1"}, {"sum": 22, "id": "A-2"}],
    "talk": [{"role": "user", "content": "Does it print?"}, {"role": "assistant", "content": "No."}],
    "nothing": None, "broken": b"\\x89PNG\\r\\n\\x1a\\n", "heat": np.eye(8) - 0.5,
    "words": [("It", 0.1), (" does", -0.4), (" not", 0.9)],
    "features": {f"feature {n}": (-1) ** n * n for n in range(12)}, "why": "It *says* so.",
    "near": [{"text": "It prints not.", "label": "bug", "similarity": 0.9, "image": np.eye(8)}],
}
items = [one | {"id": f"t{n}", "said": ["bug", "wish", "question"][n % 3], "p": 0.9 - n / 10} for n in range(3)]
session = hitl.ReviewSession(
    items, hitl.Classification(["bug", "wish", "question"]), item_id="id", prediction="said", confidence="p",
    show=[
        "text", "letter", Markdown("note"), Code("source", language="python"), HTML("mail"), "photo", "row", "orders",
        "talk", "nothing", Image("broken"),
    ],
    explanation=[HeatMap("heat"), TokenWeights("words"), Contributions("features"), "why", Similar("near")],
    plan=hitl.ReviewPlan(order="given"), reviewer="ada", store=":memory:", name="every field",
    guidelines="# What counts\\nA **bug** is what worked before.",
)
session
"""
