import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Block } from "../protocol";
import { Chat } from "./chat";
import { Code } from "./code";
import { Contributions } from "./contributions";
import { HeatMap } from "./heat_map";
import { Html } from "./html";
import { Picture } from "./image";
import { Markdown } from "./markdown";
import { isTextOf, type Overlay } from "./overlay";
import { Similar } from "./similar";
import { Table } from "./table";
import { Text } from "./text";
import { TokenWeights } from "./tokens";
import { VisibleText } from "./visible_text";

export interface BlocksProps {
  readonly blocks: readonly Block[];
  /** By the number of their buffer, decoded. */
  readonly images: ReadonlyMap<number, HTMLImageElement>;
  readonly buffers: readonly DataView[];
  /** What is drawn into the item itself, not beside it. */
  readonly overlay: Overlay;
  /** The whole text of the block at this index, or of one message of a chat or cell of a table, where it came cut. */
  readonly loadFull: (index: number, message: number | null) => Promise<string>;
  /** All of the words that are marked in a text, where they came cut. */
  readonly loadWords?: () => Promise<string>;
}

/** What an item is about, field by field. Kept without a key, it remembers from item to item whether the map is shown. */
export function Blocks(props: BlocksProps) {
  return <Fields {...props} isItem={true} />;
}

/** What speaks for and against the prediction. */
export function Explanation(props: BlocksProps) {
  return <Fields {...props} isItem={false} />;
}

interface FieldsProps extends BlocksProps {
  readonly isItem: boolean;
}

function Fields({ blocks, images, buffers, loadFull, loadWords, overlay, isItem }: FieldsProps) {
  const heatShown = useSignal(true);
  const load = useRef({ loadFull, loadWords });
  load.current = { loadFull, loadWords };
  const generation = useGeneration(blocks);
  return useMemo(() => {
    const firstImage = blocks.findIndex((block) => block.type === "image");
    const { heatMap, words } = overlay;
    const fields = blocks.flatMap((block, index) => {
      if (!isItem && (block === heatMap || block === words)) return [];
      const drawing = {
        images,
        buffers,
        heatShown,
        heatMap: isItem && index === firstImage ? heatMap : null,
        words: isItem && words !== null && isTextOf(words, block) ? words : null,
        loadFull: (message: number | null = null) => load.current.loadFull(index, message),
        loadWords: () => load.current.loadWords?.() ?? Promise.reject(new Error("there are no words to load")),
      };
      return [<Field key={`${generation}-${index}`} block={block} {...drawing} />];
    });
    return fields.length === 0 ? null : <dl class="hitl-fields">{fields}</dl>;
  }, [blocks, images, buffers, overlay.heatMap, overlay.words, isItem, generation, heatShown]);
}

/** Changes with the blocks: nothing unfolded, scrolled or loaded goes over to the next item. */
function useGeneration(blocks: readonly Block[]): number {
  const seen = useRef({ blocks, generation: 0 });
  if (seen.current.blocks !== blocks) seen.current = { blocks, generation: seen.current.generation + 1 };
  return seen.current.generation;
}

interface FieldProps extends Pick<BlocksProps, "images" | "buffers">, Overlay {
  readonly block: Block;
  readonly heatShown: Signal<boolean>;
  readonly loadFull: (message?: number) => Promise<string>;
  readonly loadWords: () => Promise<string>;
}

function Field(props: FieldProps) {
  return (
    <div class="hitl-field">
      <dt>
        <VisibleText text={props.block.field} />
      </dt>
      <dd>
        <Value {...props} />
      </dd>
    </div>
  );
}

function Value(props: FieldProps): JSX.Element {
  const { block, images, buffers, heatMap, words, heatShown, loadFull, loadWords } = props;
  switch (block.type) {
    case "text":
      return words ? (
        <TokenWeights block={words} name={block.field} loadFull={loadWords} />
      ) : (
        <Text block={block} loadFull={loadFull} />
      );
    case "markdown":
      return <Markdown block={block} loadFull={loadFull} />;
    case "code":
      return <Code block={block} loadFull={loadFull} />;
    case "html":
      return <Html block={block} loadFull={loadFull} />;
    case "image":
      return (
        <Picture
          block={block}
          image={images.get(block.buffer)}
          heatMap={heatMap}
          heatShown={heatShown}
          buffers={buffers}
        />
      );
    case "table":
      return <Table block={block} loadFull={loadFull} />;
    case "chat":
      return <Chat block={block} loadFull={loadFull} />;
    case "missing":
      return (
        <p class="hitl-placeholder">
          <VisibleText text={block.message ?? "no value"} />
        </p>
      );
    case "unreadable":
      return (
        <p class="hitl-placeholder">
          cannot be shown: <VisibleText text={block.message} />
        </p>
      );
    case "token_weights":
      return <TokenWeights block={block} loadFull={loadFull} />;
    case "contributions":
      return <Contributions block={block} />;
    case "heat_map":
      return <HeatMap block={block} buffers={buffers} />;
    case "similar":
      return <Similar block={block} images={images} />;
  }
}
