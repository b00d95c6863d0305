import type { Block } from "../protocol";
import { count } from "./full_text";
import { Scroller } from "./scroller";
import { shown } from "./visible_text";

type TableBlock = Extract<Block, { type: "table" }>;

export function Table({ block }: { block: TableBlock }) {
  if (block.rows.length === 0 && (block.columns ?? []).length === 0) return <p class="hitl-placeholder">empty table</p>;
  return (
    <>
      <Scroller name={block.field} kind="table">
        {block.columns === null ? <Mapping rows={block.rows} /> : <Rows columns={block.columns} rows={block.rows} />}
      </Scroller>
      <More more={block.more} one="row" />
    </>
  );
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
