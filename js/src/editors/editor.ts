import type { FunctionComponent } from "preact";
import type { Draft } from "../draft";
import type { Item, Json, SessionState } from "../protocol";

/** What the editor of a task is given to draw with. */
export interface EditorProps {
  readonly item: Item;
  /** The reviewer's own earlier answer on this item; undefined where there is none. */
  readonly answered: Json | undefined;
  readonly draft: Draft;
  readonly isOpen: boolean;
  /** Nothing can be decided now; what is pressed says why. */
  readonly isOff: boolean;
  readonly answer: (value: Json, event: Event) => void;
  readonly close: () => void;
}

/** How the page shows and edits the values of one task: all that a new task needs to bring. */
export interface TaskEditor {
  readonly Editor: FunctionComponent<EditorProps>;
  /** The answer that a key (in lower case) gives at once; undefined where it gives none. */
  labelOf(key: string, item: Item): Json | undefined;
  readonly help: readonly (readonly [keys: string, does: string])[];
}

export type OpenEditor = (spec: SessionState["editor"]) => TaskEditor;
