import { newEventId } from "./event_id";
import type { Action, Decide, Item, Json, SessionState, Skip, Undo } from "./protocol";
import type { Looked } from "./sight";

export interface Verdict {
  readonly action: Action;
  readonly value: Json;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly replaces: string | null;
}

/** Makes the events of one page load, numbered in the order in which they were made. */
export class EventMaker {
  readonly #session: SessionState;
  readonly #client_id = newEventId();
  #made = 0;

  constructor(session: SessionState) {
    this.#session = session;
  }

  decide(item: Item, looked: Looked, verdict: Verdict): Decide {
    return {
      kind: "decide",
      ...this.#event(),
      ...onItem(item, looked),
      model_version: item.model_version,
      ...verdict,
      first_value: item.blind ? verdict.value : null,
      blind: item.blind,
      explained: looked.explained,
    };
  }

  skip(item: Item, looked: Looked): Skip {
    return { kind: "skip", ...this.#event(), ...onItem(item, looked) };
  }

  undo(replaces: string): Undo {
    return { kind: "undo", ...this.#event(), replaces };
  }

  #event() {
    return {
      event_id: newEventId(),
      client_id: this.#client_id,
      client_seq: ++this.#made,
      session_id: this.#session.session_id,
      reviewer: this.#session.reviewer,
    };
  }
}

function onItem({ item_id, content_hash }: Item, { shown_at, seconds }: Looked) {
  return { item_id, content_hash, shown_at, decided_at: new Date().toISOString(), seconds };
}
