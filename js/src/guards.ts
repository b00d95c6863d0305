/** Checks at run time that what comes from outside (the kernel, the browser's storage) has the protocol's shapes. */
import { isItem } from "./item_guard";
import type {
  Decide,
  Down,
  Entry,
  Figure,
  Problem,
  Progress,
  Queue,
  Recordable,
  Refusal,
  Request,
  SessionState,
  Shown,
  Skip,
  Summary,
  Traits,
  Undo,
  WantedLibrary,
} from "./protocol";
import {
  byName,
  type Check,
  isBoolean,
  isCount,
  isJson,
  isNumber,
  isRecord,
  isText,
  listOf,
  object,
  oneOf,
  orNull,
  tuple,
} from "./shapes";

/** The member of union T whose `kind` is K. */
type Kind<T, K extends string> = Extract<T, { readonly kind: K }>;

// ---------------------------------------------------------------- messages up

const onEvent = { event_id: isText, client_id: isText, client_seq: isCount, session_id: isText, reviewer: isText };
const onItem = { item_id: isText, content_hash: isText, shown_at: isText, decided_at: isText, seconds: isNumber };
const isAction = oneOf("accept", "correct", "flag");

const recordables = new Map<string, Check>([
  [
    "decide",
    object<Decide>({
      ...onEvent,
      ...onItem,
      kind: isText,
      model_version: isText,
      action: isAction,
      value: isJson,
      first_value: isJson,
      reason: orNull(isText),
      comment: orNull(isText),
      replaces: orNull(isText),
      blind: isBoolean,
      explained: isBoolean,
    }),
  ],
  ["skip", object<Skip>({ ...onEvent, ...onItem, kind: isText })],
  ["undo", object<Undo>({ ...onEvent, kind: isText, replaces: isText })],
]);
const isRecordableShape = byName("kind", recordables);

export function isRecordable(value: unknown): value is Recordable {
  return isRecordableShape(value);
}

const isRequestShape = byName(
  "kind",
  new Map<string, Check>([
    ["want", object<Kind<Request, "want">>({ kind: isText, request_id: isText, item_ids: listOf(isText) })],
    [
      "history",
      object<Kind<Request, "history">>({ kind: isText, request_id: isText, before: orNull(isCount), limit: isCount }),
    ],
    [
      "full",
      object<Kind<Request, "full">>({
        kind: isText,
        request_id: isText,
        item_id: isText,
        part: oneOf("blocks", "explanation"),
        index: isCount,
        message: orNull(isCount),
      }),
    ],
    ["shown", object<Shown>({ kind: isText, item_id: isText, content_hash: isText })],
    ["library", object<WantedLibrary>({ kind: isText, library: isText })],
  ]),
);

export function isRequest(value: unknown): value is Request | Shown | WantedLibrary {
  return isRequestShape(value);
}

// ---------------------------------------------------------------- messages down

const isEntry = object<Entry>({
  seq: isCount,
  event_id: isText,
  kind: oneOf("decide", "skip"),
  item_id: isText,
  content_hash: isText,
  action: orNull(isAction),
  value: isJson,
  reason: orNull(isText),
  comment: orNull(isText),
  replaces: orNull(isText),
  recorded_at: isText,
});

const isDownShape = byName(
  "kind",
  new Map<string, Check>([
    [
      "items",
      object<Kind<Down, "items">>({ kind: isText, request_id: isText, items: listOf(isItem), missing: listOf(isText) }),
    ],
    [
      "history",
      object<Kind<Down, "history">>({
        kind: isText,
        request_id: isText,
        entries: listOf(isEntry),
        complete: isBoolean,
      }),
    ],
    [
      "recorded",
      object<Kind<Down, "recorded">>({
        kind: isText,
        seq: isCount,
        event_id: isText,
        entry: orNull(isEntry),
        undone: orNull(isText),
        restored: orNull(isEntry),
      }),
    ],
    ["outdated", object<Kind<Down, "outdated">>({ kind: isText })],
    [
      "full",
      object<Kind<Down, "full">>({ kind: isText, request_id: isText, part: isCount, parts: isCount, text: isText }),
    ],
    ["failed", object<Kind<Down, "failed">>({ kind: isText, request_id: isText, message: isText })],
    ["library", object<Kind<Down, "library">>({ kind: isText, library: isText })],
  ]),
);

export function isDown(value: unknown): value is Down {
  return isDownShape(value);
}

// ---------------------------------------------------------------- state

const isFigure = object<Figure>({
  value: orNull(isNumber),
  low: orNull(isNumber),
  high: orNull(isNumber),
  level: isNumber,
  n: isNumber,
  method: isText,
  note: isText,
});

export const isTraits = object<Traits>({
  session: object<SessionState>({
    store_id: isText,
    session_id: isText,
    name: isText,
    reviewer: isText,
    keeps: isBoolean,
    task: isText,
    editor: (value) => isRecord(value) && isJson(value),
    shown: listOf(isText),
    slices: listOf(isText),
    guidelines: orNull(isText),
    formatted: isBoolean,
    model_version: isText,
    plan_version: isText,
    order: isText,
    blind: isBoolean,
    libraries: object<SessionState["libraries"]>({ markdown: isText }),
    tool_version: isText,
  }),
  queue: object<Queue>({ entries: listOf(tuple(isText, isText)), more: isCount }),
  progress: object<Progress>({
    total: isCount,
    reviewed: isCount,
    accepted: isCount,
    corrected: isCount,
    flagged: isCount,
    skipped: isCount,
    remaining: isCount,
    seconds_per_item: orNull(isNumber),
  }),
  saved: listOf(isText),
  refused: listOf(object<Refusal>({ event_id: isText, reason: oneOf("conflict", "invalid"), message: isText })),
  problem: orNull(object<Problem>({ message: isText, remedy: isText })),
  summary: orNull(object<Summary>({ accuracy: isFigure, changed: isCount, next_steps: listOf(isText) })),
  last_seq: isCount,
});
