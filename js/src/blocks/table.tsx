import type { TargetedKeyboardEvent } from "preact";
import { useState } from "preact/hooks";
import type { Block } from "../protocol";
import { count } from "./full_text";
import { Scroller } from "./scroller";
import { shown } from "./visible_text";

type TableBlock = Extract<Block, { type: "table" }>;

/** How many rows and columns are drawn before all are asked for. */
const FEW = 20;

export function Table({ block }: { block: TableBlock }) {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState("");
  const width = block.columns?.length ?? 0;
  if (block.rows.length === 0 && width === 0) return <p class="hitl-placeholder">empty table</p>;
  const isLong = block.rows.length > FEW || width > FEW;
  const { columns, rows } = isOpen ? found(block, wanted) : beginning(block);
  return (
    <>
      {isOpen && <Search block={block} shown={rows.length} wanted={wanted} search={setWanted} />}
      <Scroller name={block.field} kind="table">
        {columns === null ? <Mapping rows={rows} /> : <Rows columns={columns} rows={rows} />}
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

interface SearchProps {
  readonly block: TableBlock;
  readonly shown: number;
  readonly wanted: string;
  readonly search: (wanted: string) => void;
}

function Search({ block, shown, wanted, search }: SearchProps) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Tab") return;
    event.stopPropagation();
    if (event.key === "Escape") event.currentTarget.closest<HTMLElement>("[data-hitl]")?.focus({ preventScroll: true });
  };
  return (
    <p class="hitl-searched">
      <input
        type="text"
        aria-label={`Search in ${block.field}`}
        placeholder="Search names and values"
        value={wanted}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="hitl-rest" role="status">
        {wanted !== "" && `${count.format(shown)} of ${count.format(block.rows.length)} rows`}
      </span>
    </p>
  );
}

type Part = Pick<TableBlock, "columns" | "rows">;

function beginning({ columns, rows }: TableBlock): Part {
  return {
    columns: columns?.slice(0, FEW) ?? null,
    rows: rows.slice(0, FEW).map((row) => row.slice(0, FEW)),
  };
}

/** The columns with such a name; where there is none, the rows with such a cell. */
function found({ columns, rows }: TableBlock, wanted: string): Part {
  const sought = wanted.trim().toLowerCase();
  if (sought === "") return { columns, rows };
  const fits = (text: string) => text.toLowerCase().includes(sought);
  if (!columns?.some(fits)) return { columns, rows: rows.filter((row) => row.some(fits)) };
  const named = (row: readonly string[]) => row.filter((_, column) => fits(columns[column] ?? ""));
  return { columns: named(columns), rows: rows.map(named) };
}

export function More({ more = 0, one }: { more?: number | undefined; one: string }) {
  if (more === 0) return null;
  return (
    <p class="hitl-rest">
      and {count.format(more)} more {more === 1 ? one : `${one}s`}
    </p>
  );
}

function Mapping({ rows }: { rows: TableBlock["rows"] }) {
  return (
    <table class="hitl-mapping">
      <tbody>
        {rows.map(([key = "", value = ""], index) => (
          <tr key={index}>
            <th scope="row">{shown(key)}</th>
            <td>{shown(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rows({ columns, rows }: { columns: readonly string[]; rows: TableBlock["rows"] }) {
  const sides = columns.map((_, column) => (isNumeric(rows, column) ? "hitl-right" : undefined));
  return (
    <table class="hitl-rows">
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={index} scope="col" class={sides[index]}>
              {shown(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} class={sides[column]}>
                {shown(cell)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isNumeric(rows: TableBlock["rows"], column: number): boolean {
  return (
    rows.length > 0 && rows.every((row) => /^(?:[-+−]?[\d.,]+(?:e[-+]?\d+)?\s?%?|nan|none|)$/i.test(row[column] ?? ""))
  );
}
