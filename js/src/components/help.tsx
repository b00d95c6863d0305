import type { TaskEditor } from "../editors/editor";
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
  readonly editor: TaskEditor | null;
  /** Whether items are answered before their prediction is shown. */
  readonly isBlind: boolean;
  readonly close: () => void;
}

export function Help({ editor, isBlind, close }: HelpProps) {
  const rows = [...KEYS.slice(0, 2), ...(editor?.help ?? []), ...(isBlind ? BLIND : []), ...KEYS.slice(2)];
  return (
    <SheetFrame title="Keys" close={close}>
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
