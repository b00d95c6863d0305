import type { Block, Item } from "../protocol";
import type { HeatMapBlock } from "./heat_map";

export type WordsBlock = Extract<Block, { type: "token_weights" }>;

/** What of an explanation is drawn into the item itself, and so not beside it. */
export interface Overlay {
  /** The map over the first image. */
  readonly heatMap: HeatMapBlock | null;
  /** The words that are a shown text, put together: it is marked and not shown a second time. */
  readonly words: WordsBlock | null;
}

/** A text that the reviewer has opened already stays as it is: words that come after that stand by themselves. */
export function overlayOn({ blocks, explanation }: Item, isOpened: (block: Block) => boolean = () => false): Overlay {
  const hasImage = blocks.some((block) => block.type === "image");
  return {
    heatMap: (hasImage && explanation.find((block) => block.type === "heat_map")) || null,
    words:
      explanation.find(
        (part): part is WordsBlock =>
          part.type === "token_weights" && blocks.some((block) => isTextOf(part, block) && !isOpened(block)),
      ) ?? null,
  };
}

/** Whether the words, put together, are all of what the block shows; of a text that came cut, its beginning. */
export function isTextOf({ tokens, clipped, more }: WordsBlock, block: Block): boolean {
  if (block.type !== "text" || block.text === "" || block.clipped !== clipped || more !== undefined) return false;
  const written = tokens.map(({ text }) => text).join("");
  return clipped === undefined ? block.text === written : written !== "" && block.text.startsWith(written);
}
