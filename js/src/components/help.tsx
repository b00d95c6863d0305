import type { Review } from "../review";
import { SheetFrame } from "./sheet";

type Row = readonly [keys: string, does: string];

const KEYS: readonly Row[] = [
  ["a", "accept the prediction"],
  ["c /", "correct it: give another answer"],
  ["f", "flag the item, with a reason"],
  ["s", "skip it: it comes back at the end"],
  ["u", "undo your last step, again and again"],
  ["← → [ ]", "look at earlier items, and come back"],
  ["m", "comment on your decision, unless a label has this key"],
  ["Esc", "leave a form, a sheet or an earlier item"],
  ["?", "these keys"],
];

const BLIND: readonly Row[] = [["↵", "keep your first answer, once the prediction is shown"]];

interface HelpProps {
  readonly review: Review;
  readonly close: () => void;
}

export function Help({ review, close }: HelpProps) {
  const { blind } = review.kernel.traits.session.value;
  const rows = [...KEYS.slice(0, 2), ...(review.editor.value?.help ?? []), ...(blind ? BLIND : []), ...KEYS.slice(2)];
  return (
    <SheetFrame review={review} title="Keys" close={close}>
      <dl class="hitl-keys">
        {rows.map(([keys, does]) => (
          <div key={does}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="hitl-quiet">
        Keys work while this card has the focus: click on it, or come here with Tab. They never reach the notebook.
      </p>
    </SheetFrame>
  );
}
