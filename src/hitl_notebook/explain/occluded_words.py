"""What each word of a text does for any model's answer."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from hitl_notebook.explain.contrasting import Contrasting
from hitl_notebook.explain.marked import Span, marked, words_of
from hitl_notebook.explain.occlusion import Occlusion
from hitl_notebook.explain.rows import as_frame, chosen_columns, in_rows, known_texts
from hitl_notebook.fields.explained import Contrasted

__all__ = ["OccludedWords"]


class OccludedWords(Contrasting):
    """Takes the words out of a text one by one, and says by how much the answer of any model falls.

    The answer is the score of the predicted class less that of the runner-up: above zero, the word speaks for the
    prediction. Words are judged each by itself: of two that say the same, neither seems to matter. A text with more
    words than the budget allows is judged by runs of neighbouring words. Explanations are values of
    ``fields.TokenWeights``.

    Parameters
    ----------
    model : a function, or an object with ``predict_proba``, ``decision_function`` or ``predict``
        Takes a list of texts, or with ``columns`` a DataFrame; answers with a score for each class, or one number,
        a row.
    text : name of the column of texts
    columns : names, optional
        The columns of the DataFrame that the model takes, the text's among them.
    replacement : str
        What stands in a word's place, such as "[MASK]".
    budget, batch : int
        How many texts the model is asked about for one item, and how many at once.
    classes : labels, optional
        The classes in the order of the scores, of a function; left out, the model's ``classes_``. Of one number, which
        speaks for the second, the two.
    prediction : name of a column, optional
        The predicted class; left out or missing, the one with the largest score.
    contrast : bool
        False: by how much the predicted class's own score falls.

    Raises
    ------
    CannotExplain
        The budget is less than two texts; there is a prediction, and it is not known which score is that class's.

    Examples
    --------
    >>> model = lambda texts: [text.count("money") - text.count("thanks") for text in texts]
    >>> OccludedWords(model, text="body").explain([{"body": "thanks, my money"}])
    [[('thanks', -1.0), (', my ', 0.0), ('money', 1.0)]]
    """

    def __init__(
        self,
        model: Any,
        *,
        text: Hashable,
        columns: Sequence[Hashable] | None = None,
        replacement: str = "",
        budget: int = 200,
        batch: int = 64,
        classes: Sequence[Any] | None = None,
        prediction: Hashable | None = None,
        contrast: bool = True,
    ) -> None:
        self._occlusion = Occlusion(model, budget, batch, classes, prediction, contrast)
        self._text = text
        self._columns = columns
        self._replacement = replacement

    def explain_contrasts(self, rows: Any) -> list[Contrasted]:
        frame = as_frame(rows)
        texts = known_texts(frame, self._text)
        parts = {row: _at_most(words_of(text), self._occlusion.budget - 1) for row, text in texts.items()}
        inputs = (
            [(row, text), *((row, text[:start] + self._replacement + text[end:]) for start, end in parts[row])]
            for row, text in texts.items()
        )

        def gathered(asked: list[tuple[int, str]]) -> Any:
            changed = [text for _, text in asked]
            if self._columns is None:
                return changed
            table = chosen_columns(frame, self._columns).iloc[[row for row, _ in asked]].copy()
            table[self._text] = changed
            return table

        effects = self._occlusion.effects(frame.iloc[list(texts)], inputs, gathered)
        found = {
            row: Contrasted(marked(text, zip(parts[row], weights.tolist(), strict=True), parts[row]), sides)
            for (row, text), (weights, sides) in zip(texts.items(), effects, strict=True)
        }
        return in_rows(found, len(frame))


def _at_most(words: list[Span], count: int) -> list[Span]:
    """The words, those of a long text in so many runs of neighbours."""
    if len(words) <= count:
        return words
    return [(words[run[0]][0], words[run[-1]][1]) for run in np.array_split(np.arange(len(words)), count)]
