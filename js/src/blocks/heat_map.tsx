import type { TargetedPointerEvent } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Block } from "../protocol";
import { For } from "./side";
import { signed } from "./weight";

export type HeatMapBlock = Extract<Block, { type: "heat_map" }>;

interface HeatMapProps {
  readonly block: HeatMapBlock;
  readonly buffers: readonly DataView[];
  /** Sharp cells rather than a smooth field. */
  readonly cells: boolean;
}

/** The longer side of a map that stands by itself, in CSS pixels. */
const SIDE = 240;
const STRONGEST = 127;
/** As --hitl-for and --hitl-against; a canvas cannot name them. Between light and dark, so that both themes can. */
const FOR = [30, 110, 230] as const;
const AGAINST = [235, 120, 0] as const;

/** The cells of a map, in units of scale / 127; null where the buffer is not what the block says. */
export function cellsOf(block: HeatMapBlock, buffers: readonly DataView[]): Int8Array | null {
  const view = buffers[block.buffer];
  if (view === undefined || view.byteLength !== block.width * block.height || view.byteLength === 0) return null;
  return new Int8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A map that fills what it lies in, and says the number under the pointer. */
export function HeatCanvas({ block, buffers, cells, onPoint }: HeatMapProps & { onPoint: (words: string) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const values = useMemo(() => cellsOf(block, buffers), [block, buffers]);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context && values) context.putImageData(new ImageData(pixels(values), block.width, block.height), 0, 0);
  }, [block, values]);
  if (values === null) return null;

  const point = (event: TargetedPointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = within(((event.clientX - box.left) / box.width) * block.width, block.width);
    const row = within(((event.clientY - box.top) / box.height) * block.height, block.height);
    onPoint(`${place(row, column)}: ${signed(weightAt(block, values, row * block.width + column), block.scale)}`);
  };
  return (
    <canvas
      ref={canvas}
      class={cells ? "hitl-heat hitl-pixelated" : "hitl-heat"}
      width={block.width}
      height={block.height}
      role="img"
      aria-label={summary(block, values)}
      onPointerMove={point}
      onPointerLeave={() => onPoint("")}
    />
  );
}

/** Where there is no image to lie on. */
export function HeatMap({ block, buffers }: { block: HeatMapBlock; buffers: readonly DataView[] }) {
  const [pointed, setPointed] = useState("");
  if (cellsOf(block, buffers) === null) {
    return <p class="hitl-placeholder">The heat map did not arrive whole.</p>;
  }
  const scale = SIDE / Math.max(block.width, block.height);
  return (
    <>
      <div
        class="hitl-stage"
        style={{ inlineSize: `${block.width * scale}px`, aspectRatio: `${block.width} / ${block.height}` }}
      >
        <HeatCanvas block={block} buffers={buffers} cells={scale > 4} onPoint={setPointed} />
      </div>
      <HeatLegend block={block} pointed={pointed} />
    </>
  );
}

export function HeatLegend({ block, pointed }: { block: HeatMapBlock; pointed: string }) {
  return (
    <div class="hitl-legend">
      <span>
        <For side={block.sides?.[1]} or="against" /> {signed(-block.scale)} <span class="hitl-ramp" />{" "}
        {signed(block.scale)} <For side={block.sides?.[0]} or="for" />
      </span>
      <span class="hitl-pointed">{pointed}</span>
    </div>
  );
}

/** Red, green, blue and how much of it, four numbers a cell. */
export function pixels(values: Int8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(values.length * 4);
  values.forEach((value, index) => {
    rgba.set(value < 0 ? AGAINST : FOR, index * 4);
    rgba[index * 4 + 3] = (Math.abs(value) / STRONGEST) * 255;
  });
  return rgba;
}

function within(position: number, size: number): number {
  return Math.min(Math.max(Math.floor(position), 0), size - 1);
}

function weightAt(block: HeatMapBlock, values: Int8Array, index: number): number {
  return ((values[index] ?? 0) / STRONGEST) * block.scale;
}

function place(row: number, column: number): string {
  return `row ${row + 1}, column ${column + 1}`;
}

function summary(block: HeatMapBlock, values: Int8Array): string {
  const [positive, negative] = block.sides?.map((side) => `for ${side}`) ?? ["for the prediction", "against it"];
  let top = 0;
  let bottom = 0;
  values.forEach((value, index) => {
    if (value > (values[top] ?? 0)) top = index;
    if (value < (values[bottom] ?? 0)) bottom = index;
  });
  const said = (index: number) =>
    `${signed(weightAt(block, values, index), block.scale)} at ${place(Math.floor(index / block.width), index % block.width)}`;
  const most = (values[top] ?? 0) > 0 ? `most ${positive} ${said(top)}` : `nothing ${positive}`;
  const least = (values[bottom] ?? 0) < 0 ? `most ${negative} ${said(bottom)}` : `nothing ${negative}`;
  return `Heat map, ${block.height} rows by ${block.width} columns: ${most}, ${least}`;
}
