import type { HeldItem } from "./item_window";

/** The current item, and what stood on it when it became current: anything else standing later ends its turn. */
export interface Place {
  readonly item_id: string;
  readonly content_hash: string;
  readonly standing_id: string | null;
  /** After a blind answer the item stays, so that what the model said of it can be seen. */
  readonly from: "queue" | "history" | "reveal";
}

export type Stage = "item" | "loading" | "end" | "empty";

/** What is to be seen. A new scene has to be painted before a key counts. */
export interface Scene {
  readonly stage: Stage;
  readonly place: Place | null;
  readonly held: HeldItem | null;
}

/** Whether a scene asks the reviewer the same as another did, whatever explanation has come since. */
export function asks(a: Scene, b: Scene): boolean {
  const [now, then] = [a.held?.item, b.held?.item];
  return (
    a === b ||
    (a.stage === b.stage &&
      a.place === b.place &&
      now?.content_hash === then?.content_hash &&
      now?.blind === then?.blind &&
      now?.model_version === then?.model_version)
  );
}

export function sameScene(a: Scene, b: Scene): boolean {
  return a.stage === b.stage && a.place === b.place && a.held === b.held;
}
