/**
 * The wire between the page and the kernel: the twin of src/hitl_notebook/protocol.py.
 * Both sides read the examples in tests/protocol/. Names are snake_case on the wire and stay so here.
 */

export type Action = "accept" | "correct" | "flag";
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

// ---------------------------------------------------------------- state: traits, written by Python only

export interface SessionState {
  readonly store_id: string;
  readonly session_id: string;
  readonly name: string;
  readonly reviewer: string;
  /** False for ":memory:". */
  readonly keeps: boolean;
  /** Names the editor. */
  readonly task: string;
  readonly editor: { readonly [key: string]: Json };
  readonly shown: readonly string[];
  readonly slices: readonly string[];
  readonly guidelines: string | null;
  /** Whether they or a field are Markdown, as far as can be told beforehand. */
  readonly formatted: boolean;
  readonly model_version: string;
  readonly plan_version: string;
  /** In words, for the card's foot. */
  readonly order: string;
  /** Whether items are answered before their prediction is shown, some or all. */
  readonly blind: boolean;
  /** What the page may need beyond the card: the name to ask for it by. */
  readonly libraries: { readonly markdown: string };
  readonly tool_version: string;
}

/** The reviewer's next items in order, the item to decide first. */
export interface Queue {
  readonly entries: readonly (readonly [item_id: string, content_hash: string])[];
  /** Items that come after these. */
  readonly more: number;
}

export interface Progress {
  readonly total: number;
  readonly reviewed: number;
  readonly accepted: number;
  readonly corrected: number;
  readonly flagged: number;
  readonly skipped: number;
  readonly remaining: number;
  /** Median of the recent ones. */
  readonly seconds_per_item: number | null;
}

/** An event that will never be stored, and why. */
export interface Refusal {
  readonly event_id: string;
  readonly reason: "conflict" | "invalid";
  readonly message: string;
}

/** The store cannot take decisions now; they stay in the outbox. */
export interface Problem {
  readonly message: string;
  readonly remedy: string;
}

export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
  readonly n: number;
  readonly method: string;
  readonly note: string;
}

/** What stands at the end of a queue; null until then. */
export interface Summary {
  readonly accuracy: Figure;
  readonly changed: number;
  readonly next_steps: readonly string[];
}

/** Every trait of the review widget, by its name. */
export interface Traits {
  readonly session: SessionState;
  readonly queue: Queue;
  readonly progress: Progress;
  /** The newest event ids that the store has committed, newest last, at most 1,000. */
  readonly saved: readonly string[];
  readonly refused: readonly Refusal[];
  readonly problem: Problem | null;
  readonly summary: Summary | null;
  /** Sequence number of this reviewer's newest event in the store. */
  readonly last_seq: number;
}

// ---------------------------------------------------------------- messages down

export type Block =
  | { readonly type: "text" | "markdown"; readonly field: string; readonly text: string; readonly clipped?: number }
  | {
      readonly type: "code";
      readonly field: string;
      readonly text: string;
      readonly clipped?: number;
      readonly language: string | null;
    }
  | {
      readonly type: "html";
      readonly field: string;
      readonly text: string;
      readonly clipped?: number;
      /** Sanitised, for a sandboxed frame and nowhere else; null where it is too long. */
      readonly rendered: string | null;
    }
  | {
      readonly type: "image";
      readonly field: string;
      readonly buffer: number;
      readonly mime: "image/png" | "image/jpeg" | "image/webp" | "image/gif";
      readonly width: number;
      readonly height: number;
    }
  | {
      /** A mapping has no columns and rows of two cells. */
      readonly type: "table";
      readonly field: string;
      readonly columns: readonly string[] | null;
      readonly rows: readonly (readonly string[])[];
      /** The cells whose text was cut, counted row by row, and how long each is. */
      readonly cut?: readonly (readonly [cell: number, characters: number])[];
      readonly more?: number;
    }
  | {
      readonly type: "chat";
      readonly field: string;
      readonly messages: readonly { readonly role: string; readonly text: string; readonly clipped?: number }[];
      readonly more?: number;
    }
  /** No value; with a message, an explanation that is not there yet, or could not be made. */
  | { readonly type: "missing"; readonly field: string; readonly message?: string }
  /** A cell that cannot be shown, and why: the item stays reviewable. */
  | { readonly type: "unreadable"; readonly field: string; readonly message: string }
  | {
      /** Weights for (positive) and against (negative) the prediction. */
      readonly type: "token_weights";
      readonly field: string;
      readonly tokens: readonly { readonly text: string; readonly weight: number }[];
      readonly sides?: Sides;
      /** Characters in all, where these are only the first words. */
      readonly clipped?: number;
      /** Words that cannot be had. */
      readonly more?: number;
    }
  | {
      /** Largest first by size; the third cell is the feature's own value, where known. */
      readonly type: "contributions";
      readonly field: string;
      readonly rows: readonly (readonly [name: string, weight: number, value: string | null])[];
      readonly sides?: Sides;
      readonly more?: number;
    }
  | {
      /** The buffer holds height x width int8, row by row, in units of scale / 127. Drawn over the first image. */
      readonly type: "heat_map";
      readonly field: string;
      readonly buffer: number;
      readonly width: number;
      readonly height: number;
      readonly scale: number;
      readonly sides?: Sides;
    }
  | {
      readonly type: "similar";
      readonly field: string;
      readonly examples: readonly {
        readonly text: string;
        readonly label: string | null;
        readonly similarity: number | null;
        /** An image in the buffers, where the example has one. */
        readonly buffer?: number;
        readonly mime?: string;
      }[];
      readonly more?: number;
    };

/** The class that a weight above zero speaks for and the one that a weight below zero does, where that is known. */
export type Sides = readonly [positive: string, negative: string];

export interface Item {
  readonly item_id: string;
  readonly content_hash: string;
  readonly model_version: string;
  /** Prediction, candidates and explanation come once the reviewer has answered. */
  readonly blind: boolean;
  readonly blocks: readonly Block[];
  readonly prediction: { readonly value: Json; readonly confidence: number | null } | null;
  /** What the version before said, where that was something else; its value is null where it said nothing. */
  readonly earlier: { readonly model_version: string; readonly value: Json } | null;
  readonly candidates: readonly { readonly value: Json; readonly probability: number | null }[];
  readonly explanation: readonly Block[];
}

/** One standing decision or skip of this reviewer. */
export interface Entry {
  readonly seq: number;
  readonly event_id: string;
  readonly kind: "decide" | "skip";
  readonly item_id: string;
  readonly content_hash: string;
  readonly action: Action | null;
  readonly value: Json;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly replaces: string | null;
  readonly recorded_at: string;
}

export type Down =
  | {
      readonly kind: "items";
      readonly request_id: string;
      readonly items: readonly Item[];
      readonly missing: readonly string[];
    }
  | {
      /** Standing events, newest first: fewer than were asked for where they are large, at least one if there is one. */
      readonly kind: "history";
      readonly request_id: string;
      readonly entries: readonly Entry[];
      /** Whether nothing lies before them. */
      readonly complete: boolean;
    }
  | {
      /** A new event of this reviewer, from whichever tab, cell or process. */
      readonly kind: "recorded";
      readonly seq: number;
      readonly event_id: string;
      /** null for an undo. */
      readonly entry: Entry | null;
      /** The event that an undo took back. */
      readonly undone: string | null;
      /** What stands on that item again. */
      readonly restored: Entry | null;
    }
  /** More was recorded at once than is told event by event: what is known of the history is to be read again. */
  | { readonly kind: "outdated" }
  | {
      /** A part of a text; of words by weight, of a JSON list of all of them. */
      readonly kind: "full";
      readonly request_id: string;
      readonly part: number;
      readonly parts: number;
      readonly text: string;
    }
  | { readonly kind: "failed"; readonly request_id: string; readonly message: string }
  | SentLibrary;

/** Code that only some pages need; in the buffer, compressed. */
export interface SentLibrary {
  readonly kind: "library";
  readonly library: string;
}

// ---------------------------------------------------------------- messages up

export type Request =
  | { readonly kind: "want"; readonly request_id: string; readonly item_ids: readonly string[] }
  | { readonly kind: "history"; readonly request_id: string; readonly before: number | null; readonly limit: number }
  | {
      readonly kind: "full";
      readonly request_id: string;
      readonly item_id: string;
      readonly part: "blocks" | "explanation";
      readonly index: number;
      /** Of a chat; of a table the cell, counted row by row; null for any other text. */
      readonly message: number | null;
    };

export interface Shown {
  readonly kind: "shown";
  readonly item_id: string;
  readonly content_hash: string;
}

export interface WantedLibrary {
  readonly kind: "library";
  readonly library: string;
}

interface ReviewEvent {
  readonly event_id: string;
  /** One a page load. */
  readonly client_id: string;
  readonly client_seq: number;
  readonly session_id: string;
  readonly reviewer: string;
}

interface OnItem {
  readonly item_id: string;
  readonly content_hash: string;
  /** ISO 8601 in UTC, as this page's clock has it. */
  readonly shown_at: string;
  readonly decided_at: string;
  /** While the item was on screen and the tab visible. */
  readonly seconds: number;
}

export interface Decide extends ReviewEvent, OnItem {
  readonly kind: "decide";
  readonly model_version: string;
  readonly action: Action;
  /** The reviewer's answer in the task's terms, the prediction where accepted; null when flagged. */
  readonly value: Json;
  readonly first_value: Json;
  readonly reason: string | null;
  readonly comment: string | null;
  /** The standing decision on this item that this one changes. */
  readonly replaces: string | null;
  readonly blind: boolean;
  /** Whether an explanation was painted, not only that it is on its way. */
  readonly explained: boolean;
}

export interface Skip extends ReviewEvent, OnItem {
  readonly kind: "skip";
}

export interface Undo extends ReviewEvent {
  readonly kind: "undo";
  readonly replaces: string;
}

/** What the outbox keeps until the store has it. */
export type Recordable = Decide | Skip | Undo;
export type Message = Request | Shown | WantedLibrary | Recordable;
