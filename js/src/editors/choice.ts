/** One row to choose: a label, its key on this item, and what the model thinks of it. */
export interface Choice {
  readonly value: string;
  readonly key: string | null;
  readonly probability: number | null;
  readonly isPredicted: boolean;
  readonly isAnswered: boolean;
  /** Null where a choice is an answer, of which there is one. */
  readonly isChosen: boolean | null;
}
