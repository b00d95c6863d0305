import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Block } from "../protocol";
import { count, useFullText } from "./full_text";
import { Scroller } from "./scroller";
import { fitting, Search } from "./search";
import { LongText } from "./text";
import { shown } from "./visible_text";

type TableBlock = Extract<Block, { type: "table" }>;

/** How many rows and columns are drawn before all are asked for. */
export const FEW = 20;

interface TableProps {
  readonly block: TableBlock;
  /** The whole text of one cell, counted row by row. */
  readonly loadFull: (cell: number) => Promise<string>;
}

export function Table({ block, loadFull }: TableProps) {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState("");
  const width = block.columns?.length ?? 0;
  if (block.rows.length === 0 && width === 0) return <p class="hitl-placeholder">empty table</p>;
  const isLong = block.rows.length > FEW || width > FEW;
  const fits = isOpen && wanted.trim() !== "" ? fitting(wanted) : null;
  const part = fits !== null ? found(block, fits) : first(block, isOpen ? Number.POSITIVE_INFINITY : FEW);
  const drawing = { block, part, fits, loadFull };
  return (
    <>
      {isOpen && (
        <Search
          field={block.field}
          wanted={wanted}
          search={setWanted}
          found={fits === null ? "" : counts(block, fits)}
        />
      )}
      <Scroller name={block.field} kind="table">
        {block.columns === null ? <Mapping {...drawing} /> : <Rows {...drawing} columns={block.columns} />}
      </Scroller>
      {isLong && (
        <button
          type="button"
          class="hitl-link-button"
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen);
            setWanted("");
          }}
        >
          {isOpen ? `Show the first ${FEW}` : `Show and search all ${size(block)}`}
        </button>
      )}
      {isOpen === isLong && <More more={block.more} one="row" />}
    </>
  );
}

/** "300 rows", "1 row and 300 columns". */
function size({ columns, rows }: TableBlock): string {
  const counted = (n: number, one: string) => `${count.format(n)} ${n === 1 ? one : `${one}s`}`;
  const down = counted(rows.length, "row");
  return columns !== null && columns.length > FEW ? `${down} and ${counted(columns.length, "column")}` : down;
}

type Fits = (text: string) => boolean;

/** Which rows and columns are drawn, by their numbers. */
interface Part {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function first({ columns, rows }: TableBlock, few: number): Part {
  const numbers = (n: number) => Array.from({ length: n }, (_, at) => at);
  return {
    rows: numbers(Math.min(few, rows.length)),
    columns: columns === null ? [0, 1] : numbers(Math.min(few, columns.length)),
  };
}

/**
 * The rows with a cell that fits; where the name of a column does, all of its rows, beside all columns with a cell that
 * fits: nothing that fits is left out.
 */
function found(block: TableBlock, fits: Fits): Part {
  const all = first(block, Number.POSITIVE_INFINITY);
  const { columns, rows } = block;
  if (!columns?.some(fits)) return { ...all, rows: fittingRows(block, fits) };
  const isKept = (column: number) => fits(columns[column] ?? "") || rows.some((row) => fits(row[column] ?? ""));
  return { ...all, columns: all.columns.filter(isKept) };
}

function fittingRows({ rows }: TableBlock, fits: Fits): number[] {
  return rows.flatMap((row, at) => (row.some(fits) ? [at] : []));
}

/** "2 of 30 columns by name, 4 of 300 rows by value": what fits, whatever else is shown beside it. */
function counts(block: TableBlock, fits: Fits): string {
  const { columns, rows } = block;
  const counted = (n: number, all: number, what: string) => `${count.format(n)} of ${count.format(all)} ${what}`;
  const down = counted(fittingRows(block, fits).length, rows.length, "rows");
  if (columns === null) return down;
  return `${counted(columns.filter(fits).length, columns.length, "columns by name")}, ${down} by value`;
}

export function More({ more = 0, one }: { more?: number | undefined; one: string }) {
  if (more === 0) return null;
  return (
    <p class="hitl-rest">
      and {count.format(more)} more {more === 1 ? one : `${one}s`}
    </p>
  );
}

interface DrawnProps extends TableProps {
  readonly part: Part;
  /** What is sought, if anything is. */
  readonly fits: Fits | null;
}

function Mapping({ part, ...table }: DrawnProps) {
  return (
    <table class="hitl-mapping">
      <tbody>
        {part.rows.map((row) => (
          <tr key={row}>
            <th scope="row">{cell(table, row, 0)}</th>
            <td>{cell(table, row, 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rows({ columns, part, fits, ...table }: DrawnProps & { readonly columns: readonly string[] }) {
  const { rows } = table.block;
  const sides = new Map(part.columns.map((column) => [column, isNumeric(rows, part.rows, column) ? "hitl-right" : ""]));
  const look = (row: number, column: number) =>
    `${sides.get(column)} ${fits?.(rows[row]?.[column] ?? "") ? "hitl-fits" : ""}`.trim() || undefined;
  return (
    <table class="hitl-rows">
      <thead>
        <tr>
          {part.columns.map((column) => (
            <th key={column} scope="col" class={sides.get(column) || undefined}>
              {shown(columns[column] ?? "")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {part.rows.map((row) => (
          <tr key={row}>
            {part.columns.map((column) => (
              <td key={column} class={look(row, column)}>
                {cell(table, row, column)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell({ block: { rows, cut }, loadFull }: TableProps, row: number, column: number): ComponentChildren {
  const text = rows[row]?.[column] ?? "";
  if (cut === undefined) return shown(text);
  const at = row * (rows[row]?.length ?? 0) + column;
  const clipped = cut.find(([one]) => one === at)?.[1];
  return clipped === undefined ? shown(text) : <LongCell block={{ text, clipped }} load={() => loadFull(at)} />;
}

interface LongCellProps {
  readonly block: { readonly text: string; readonly clipped: number };
  readonly load: () => Promise<string>;
}

/** A cell that came cut, and is opened in its place. */
function LongCell({ block, load }: LongCellProps) {
  const { text, loaded, rest } = useFullText(block, load);
  if (loaded === null) {
    return (
      <>
        {shown(text)}…{rest}
      </>
    );
  }
  return (
    <Scroller name="the whole cell" kind="long" tall takesFocus={loaded.takesFocus}>
      <LongText text={text} />
    </Scroller>
  );
}

function isNumeric(all: TableBlock["rows"], rows: readonly number[], column: number): boolean {
  const isNumber = (row: number) => /^(?:[-+−]?[\d.,]+(?:e[-+]?\d+)?\s?%?|nan|none|)$/i.test(all[row]?.[column] ?? "");
  return rows.length > 0 && rows.every(isNumber);
}
