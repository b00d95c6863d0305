/** What the reviewer has begun on the current item: it outlives a reload of the page. */
import { type Signal, signal } from "@preact/signals";
import type { Json, SessionState } from "./protocol";

export type Form = "flag" | "editor" | "comment" | null;

export interface DraftFields {
  readonly form: Form;
  readonly reason: string;
  readonly comment: string;
  readonly search: string;
  /** What the task's editor has of an answer so far, in its own terms; null where it has nothing. */
  readonly begun: Json;
}

const EMPTY: DraftFields = { form: null, reason: "", comment: "", search: "", begun: null };

export class Draft {
  readonly fields: Signal<DraftFields> = signal(EMPTY);
  readonly #storage: Storage | null;
  readonly #key: string;
  #item_id: string | null = null;

  constructor(session: Pick<SessionState, "store_id" | "session_id" | "reviewer">, storage: Storage | null) {
    this.#storage = storage;
    this.#key = `hitl_notebook/draft/${JSON.stringify([session.store_id, session.session_id, session.reviewer])}`;
  }

  change(part: Partial<DraftFields>): void {
    this.fields.value = { ...this.fields.peek(), ...part };
    this.#keep();
  }

  /** Another item is current: what was begun on it before a reload goes on, all else is dropped. */
  moveTo(item_id: string | null): void {
    if (item_id === this.#item_id) return;
    const isReload = this.#item_id === null;
    this.#item_id = item_id;
    if (item_id === null) return;
    const before = isReload ? this.#read(item_id) : null;
    if (before === null && this.fields.peek() === EMPTY) return;
    this.fields.value = before ?? EMPTY;
    this.#keep();
  }

  clear(): void {
    if (this.fields.peek() === EMPTY) return;
    this.fields.value = EMPTY;
    this.#keep();
  }

  #keep(): void {
    try {
      if (this.fields.peek() === EMPTY) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, JSON.stringify([this.#item_id, this.fields.peek()]));
    } catch {
      // A draft that cannot be kept is still on screen.
    }
  }

  #read(item_id: string): DraftFields | null {
    try {
      const [of, fields] = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]") as [unknown, Partial<DraftFields>?];
      return of === item_id && fields !== undefined ? readFields(fields) : null;
    } catch {
      return null;
    }
  }
}

function readFields({ form, reason, comment, search, begun }: Partial<DraftFields>): DraftFields {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const isForm = form === "flag" || form === "editor" || form === "comment";
  return {
    form: isForm ? form : null,
    reason: text(reason),
    comment: text(comment),
    search: text(search),
    begun: begun ?? null,
  };
}
