import type { FunctionComponent } from "preact";
import type { Draft, DraftFields } from "../draft";
import type { Item, Json, SessionState } from "../protocol";

/** What an editor knows of the item that it edits. */
export interface OnItem {
  readonly item: Item;
  /** The reviewer's own earlier answer on this item; undefined where there is none. */
  readonly answered: Json | undefined;
  readonly draft: Draft;
}

/** What the editor of a task is given to draw with. */
export interface EditorProps extends OnItem {
  readonly isOpen: boolean;
  /** Nothing can be decided now; what is pressed says why. */
  readonly isOff: boolean;
  readonly answer: (value: Json, event: Event) => void;
  readonly close: () => void;
}

/** What comes of a key: an answer at once, or more of an answer that is begun. */
export type EditorCommand =
  | { readonly kind: "answer"; readonly value: Json }
  | { readonly kind: "draft"; readonly change: Partial<DraftFields> };

/** How the page shows, compares and edits the values of one task: all that a new task needs to bring. */
export interface TaskEditor {
  readonly Editor: FunctionComponent<EditorProps>;
  /** A predicted value, where it is more than its words. */
  readonly Value?: FunctionComponent<{ readonly value: Json }>;
  /** A value in words. */
  text(value: Json): string;
  /** Whether two values agree, so that one is an accept of the other; the kernel has the last word. */
  agree(a: Json, b: Json): boolean;
  /** What a key (in lower case) does; null where it does nothing. */
  press(key: string, on: OnItem): EditorCommand | null;
  readonly help: readonly (readonly [keys: string, does: string])[];
  /** Why an item cannot be decided under this task, beside the reasons that every task has. */
  readonly reasons: readonly string[];
}

export type OpenEditor = (spec: SessionState["editor"]) => TaskEditor;
