/** Checks at run time that what comes from outside (the kernel, the browser's storage) has the protocol's shapes. */
import type {
  Block,
  Decide,
  Down,
  Entry,
  Figure,
  Item,
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
  orAbsent,
  orNull,
  tuple,
} from "./shapes";

/** The member of union T whose `kind` or `type` is K. */
type Kind<T, K extends string> = Extract<T, { readonly kind: K }>;
type BlockOf<K extends string> = Extract<Block, { readonly type: K }>;

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

const isSides = tuple(isText, isText);
const isTextBlock = object<BlockOf<"text" | "markdown">>({
  type: isText,
  field: isText,
  text: isText,
  clipped: orAbsent(isCount),
});
const isBlock = byName(
  "type",
  new Map<string, Check>([
    ["text", isTextBlock],
    ["markdown", isTextBlock],
    [
      "code",
      object<BlockOf<"code">>({
        type: isText,
        field: isText,
        text: isText,
        clipped: orAbsent(isCount),
        language: orNull(isText),
      }),
    ],
    [
      "html",
      object<BlockOf<"html">>({
        type: isText,
        field: isText,
        text: isText,
        clipped: orAbsent(isCount),
        rendered: orNull(isText),
      }),
    ],
    [
      "image",
      object<BlockOf<"image">>({
        type: isText,
        field: isText,
        buffer: isCount,
        mime: oneOf("image/png", "image/jpeg", "image/webp", "image/gif"),
        width: isNumber,
        height: isNumber,
      }),
    ],
    [
      "table",
      object<BlockOf<"table">>({
        type: isText,
        field: isText,
        columns: orNull(listOf(isText)),
        rows: listOf(listOf(isText)),
        more: orAbsent(isCount),
      }),
    ],
    [
      "chat",
      object<BlockOf<"chat">>({
        type: isText,
        field: isText,
        messages: listOf(
          object<BlockOf<"chat">["messages"][number]>({ role: isText, text: isText, clipped: orAbsent(isCount) }),
        ),
        more: orAbsent(isCount),
      }),
    ],
    ["missing", object<BlockOf<"missing">>({ type: isText, field: isText, message: orAbsent(isText) })],
    ["unreadable", object<BlockOf<"unreadable">>({ type: isText, field: isText, message: isText })],
    [
      "token_weights",
      object<BlockOf<"token_weights">>({
        type: isText,
        field: isText,
        tokens: listOf(object<BlockOf<"token_weights">["tokens"][number]>({ text: isText, weight: isNumber })),
        sides: orAbsent(isSides),
        more: orAbsent(isCount),
      }),
    ],
    [
      "contributions",
      object<BlockOf<"contributions">>({
        type: isText,
        field: isText,
        rows: listOf(tuple(isText, isNumber, orNull(isText))),
        sides: orAbsent(isSides),
        more: orAbsent(isCount),
      }),
    ],
    [
      "heat_map",
      object<BlockOf<"heat_map">>({
        type: isText,
        field: isText,
        buffer: isCount,
        width: isCount,
        height: isCount,
        scale: isNumber,
        sides: orAbsent(isSides),
      }),
    ],
    [
      "similar",
      object<BlockOf<"similar">>({
        type: isText,
        field: isText,
        examples: listOf(
          object<BlockOf<"similar">["examples"][number]>({
            text: isText,
            label: orNull(isText),
            similarity: orNull(isNumber),
            buffer: orAbsent(isCount),
            mime: orAbsent(isText),
          }),
        ),
        more: orAbsent(isCount),
      }),
    ],
  ]),
);

const isItem = object<Item>({
  item_id: isText,
  content_hash: isText,
  model_version: isText,
  blind: isBoolean,
  blocks: listOf(isBlock),
  prediction: orNull(object<NonNullable<Item["prediction"]>>({ value: isJson, confidence: orNull(isNumber) })),
  earlier: orNull(object<NonNullable<Item["earlier"]>>({ model_version: isText, value: isJson })),
  candidates: listOf(object<Item["candidates"][number]>({ value: isJson, probability: orNull(isNumber) })),
  explanation: listOf(isBlock),
});

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
