/** The check of an item as it comes from the kernel, block by block. */
import type { Block, Item } from "./protocol";
import {
  byName,
  type Check,
  isBoolean,
  isCount,
  isJson,
  isNumber,
  isText,
  listOf,
  object,
  oneOf,
  orAbsent,
  orNull,
  tuple,
} from "./shapes";

/** The member of the union whose `type` is K. */
type BlockOf<K extends string> = Extract<Block, { readonly type: K }>;

const isSides = tuple(isText, isText);
const isTextBlock = object<BlockOf<"text" | "markdown">>({
  type: isText,
  field: isText,
  text: isText,
  clipped: orAbsent(isCount),
});
/** Words by weight, in a block or as all of them come. */
export const isTokens: Check = listOf(
  object<BlockOf<"token_weights">["tokens"][number]>({ text: isText, weight: isNumber }),
);
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
        cut: orAbsent(listOf(tuple(isCount, isCount))),
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
        tokens: isTokens,
        sides: orAbsent(isSides),
        clipped: orAbsent(isCount),
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

export const isItem = object<Item>({
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
