import type { Block, Item } from "../protocol";
import type { HeatMapBlock } from "./heat_map";

type WordsBlock = Extract<Block, { type: "token_weights" }>;

/** What of an explanation is drawn into the item itself, and so not beside it. */
export interface Overlay {
  /** The map over the first image. */
  readonly heatMap: HeatMapBlock | null;
  /** The words that are a shown text, put together: it is marked and not shown a second time. */
  readonly words: WordsBlock | null;
}

export function overlayOn({ blocks, explanation }: Item): Overlay {
  const hasImage = blocks.some((block) => block.type === "image");
  return {
    heatMap: (hasImage && explanation.find((block) => block.type === "heat_map")) || null,
    words:
      explanation.find(
        (part): part is WordsBlock => part.type === "token_weights" && blocks.some((block) => isTextOf(part, block)),
      ) ?? null,
  };
}

/** Whether the words, put together, are all of what the block shows. */
export function isTextOf({ tokens, more }: WordsBlock, block: Block): boolean {
  if (block.type !== "text" || block.clipped !== undefined || more !== undefined) return false;
  return block.text !== "" && block.text === tokens.map(({ text }) => text).join("");
}
