import type { Block } from "../protocol";
import { decoded, PlacedImage } from "./placed_image";
import { Scroller } from "./scroller";
import { More } from "./table";
import { VisibleText } from "./visible_text";

type SimilarBlock = Extract<Block, { type: "similar" }>;
type Example = SimilarBlock["examples"][number];

interface SimilarProps {
  readonly block: SimilarBlock;
  readonly images: ReadonlyMap<number, HTMLImageElement>;
}

/** Below this a picture is enlarged pixel by pixel. */
const SMALL = 64;

export function Similar({ block, images }: SimilarProps) {
  if (block.examples.length === 0) return <p class="hitl-placeholder">no similar examples</p>;
  return (
    <>
      <ol class="hitl-similar">
        {block.examples.map((example, index) => (
          <li key={index}>
            {example.buffer !== undefined && (
              <Thumbnail image={decoded(images.get(example.buffer))} example={example} />
            )}
            <div class="hitl-example">
              <p class="hitl-example-facts">
                {example.label !== null && (
                  <b>
                    <VisibleText text={example.label} />
                  </b>
                )}
                {example.similarity !== null && <span>similarity {example.similarity.toFixed(2)}</span>}
              </p>
              {example.text !== "" && (
                <Scroller name={`example ${index + 1}`} kind="example">
                  <VisibleText text={example.text} />
                </Scroller>
              )}
            </div>
          </li>
        ))}
      </ol>
      <More more={block.more} one="example" />
    </>
  );
}

function Thumbnail({ image, example }: { image: HTMLImageElement | undefined; example: Example }) {
  if (image === undefined) return <span class="hitl-thumbnail">no picture</span>;
  const alt = example.text === "" ? "similar example" : example.text;
  return (
    <span class="hitl-thumbnail">
      <PlacedImage image={image} alt={alt} pixelated={image.naturalWidth < SMALL} />
    </span>
  );
}
