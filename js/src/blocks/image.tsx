import type { Signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Block } from "../protocol";
import { cellsOf, HeatCanvas, HeatLegend, HeatMap, type HeatMapBlock } from "./heat_map";
import { decoded, PlacedImage } from "./placed_image";

type ImageBlock = Extract<Block, { type: "image" }>;

interface ImageProps {
  readonly block: ImageBlock;
  /** Decoded beforehand; undefined where it could not be. */
  readonly image: HTMLImageElement | undefined;
  readonly heatMap: HeatMapBlock | null;
  readonly heatShown: Signal<boolean>;
  readonly buffers: readonly DataView[];
}

/** A small picture is enlarged by whole steps up to this, in CSS pixels. */
const ENLARGED = 240;
const TALLEST = 340;

export function Picture({ block, image: given, heatMap, heatShown, buffers }: ImageProps) {
  const image = decoded(given);
  const [pointed, setPointed] = useState("");
  const step = Math.max(1, Math.floor(ENLARGED / Math.max(block.width, block.height)));
  // What has few pixels is judged by each of them: its map lies over a copy beside it.
  const small = step > 1;

  if (image === undefined) {
    return (
      <>
        <p class="hitl-placeholder">The picture could not be decoded.</p>
        {heatMap && <HeatMap block={heatMap} buffers={buffers} />}
      </>
    );
  }
  const heat = heatMap !== null && cellsOf(heatMap, buffers) !== null ? heatMap : null;
  const mapped = heat !== null && heatShown.value;
  const width = Math.min(block.width * step, (TALLEST * block.width) / block.height);
  const shape = { inlineSize: `${width}px`, aspectRatio: `${block.width} / ${block.height}` };
  const map = mapped && <HeatCanvas block={heat} buffers={buffers} cells={small} onPoint={setPointed} />;
  return (
    <>
      <div class="hitl-pictures">
        <div class={mapped && !small ? "hitl-stage hitl-mapped" : "hitl-stage"} style={shape}>
          <PlacedImage image={image} alt={block.field} pixelated={small} />
          {!small && map}
        </div>
        {small && map && (
          <div class="hitl-stage hitl-mapped" style={shape}>
            <PlacedImage image={image} alt="" pixelated={true} />
            {map}
          </div>
        )}
      </div>
      {heat && (
        <div class="hitl-heat-controls">
          <label>
            <input
              type="checkbox"
              checked={heatShown.value}
              onChange={(event) => {
                heatShown.value = event.currentTarget.checked;
              }}
            />{" "}
            Heat map
          </label>
          {mapped && <HeatLegend block={heat} pointed={pointed} />}
        </div>
      )}
      {heatMap && heat === null && <p class="hitl-placeholder">The heat map did not arrive whole.</p>}
    </>
  );
}
