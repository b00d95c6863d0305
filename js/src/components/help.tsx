import type { TaskEditor } from "../editors/editor";
import { SheetFrame } from "./sheet";

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["a", "accept the prediction"],
  ["c", "correct it: give another answer"],
  ["f", "flag the item, with a reason"],
  ["s", "skip it: it comes back at the end"],
  ["u", "undo your last step, again and again"],
  ["← →", "look at earlier items, and come back"],
  ["m", "comment on your decision, unless a label has this key"],
  ["Esc", "leave a form, a sheet or an earlier item"],
  ["?", "these keys"],
];

export function Help({ editor, close }: { readonly editor: TaskEditor | null; readonly close: () => void }) {
  return (
    <SheetFrame title="Keys" close={close}>
      <dl class="hitl-keys">
        {[...KEYS.slice(0, 2), ...(editor?.help ?? []), ...KEYS.slice(2)].map(([keys, does]) => (
          <div key={keys}>
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
