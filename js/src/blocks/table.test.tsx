import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import { button, NOTHING, render, root, type } from "../../tests/drawn";
import type { Block } from "../protocol";
import { Blocks } from "./index";

describe("a table", () => {
  test("has its names over its columns, numbers to the right, and says what is left out", () => {
    const block: Block = {
      type: "table",
      field: "orders",
      columns: ["id", "sum"],
      rows: [
        ["A-1", "9.90"],
        ["A-2", ""],
      ],
      more: 298,
    };
    render(<Blocks {...NOTHING} blocks={[block]} />, root);
    const cells = Array.from(root.querySelectorAll("th, td"), (cell) => `${cell.className} ${cell.textContent}`.trim());
    expect(cells).toEqual(["id", "hitl-right sum", "A-1", "hitl-right 9.90", "A-2", "hitl-right"]);
    expect(root.textContent).toContain("and 298 more rows");
  });

  test("of many rows or columns begins short, is opened whole and searched by name and by value", async () => {
    const columns = Array.from({ length: 300 }, (_, index) => `column ${index}`);
    const rows = Array.from({ length: 30 }, (_, row) => columns.map((_, column) => `${row}.${column}`));
    render(<Blocks {...NOTHING} blocks={[{ type: "table", field: "wide", columns, rows, more: 5 }]} />, root);
    const drawn = () => [root.querySelectorAll("thead th").length, root.querySelectorAll("tbody tr").length];
    expect(drawn()).toEqual([20, 20]);
    await act(async () => button(/^Show and search all 30 rows and 300 columns$/).click());
    expect(drawn()).toEqual([300, 30]);
    expect(root.textContent).toContain("and 5 more rows");
    await type("COLUMN 29");
    expect(drawn()).toEqual([11, 30]);
    await type("7.299");
    expect(drawn()).toEqual([300, 3]);
    expect(root.querySelector("[role=status]")?.textContent).toBe("0 of 300 columns by name, 3 of 30 rows by value");
    await act(async () => button(/^Show the first 20$/).click());
    expect(drawn()).toEqual([20, 20]);
  });

  test("is searched by name and by value at once: nothing that fits is left out, and both are counted", async () => {
    const columns = ["id", "refund", "note"];
    const rows = Array.from({ length: 30 }, (_, row) => [`A-${row}`, `${row}`, row === 7 ? "a Refund is due" : "none"]);
    render(<Blocks {...NOTHING} blocks={[{ type: "table", field: "orders", columns, rows }]} />, root);
    await act(async () => button(/^Show and search all 30 rows$/).click());
    const status = () => root.querySelector("[role=status]")?.textContent;
    const head = () => Array.from(root.querySelectorAll("thead th"), (name) => name.textContent);
    expect(status()).toBe("");
    await type("refund");
    expect(head()).toEqual(["refund", "note"]);
    expect(root.querySelectorAll("tbody tr")).toHaveLength(30);
    expect(Array.from(root.querySelectorAll(".hitl-fits"), (cell) => cell.textContent)).toEqual(["a Refund is due"]);
    expect(status()).toBe("1 of 3 columns by name, 1 of 30 rows by value");
    await type("a-2");
    expect(head()).toEqual(columns);
    expect(status()).toBe("0 of 3 columns by name, 11 of 30 rows by value");
    expect(root.querySelectorAll("tbody tr")).toHaveLength(11);
    await type("no such thing");
    expect(root.querySelectorAll("tbody tr")).toHaveLength(0);
    await type(" ");
    expect(root.querySelectorAll("tbody tr")).toHaveLength(30);
    expect(status()).toBe("");
  });

  test("opens a cell that came cut in its place, by its number, whatever is left out around it", async () => {
    const columns = ["id", "note"];
    const rows = Array.from({ length: 30 }, (_, row) => [`A-${row}`, row === 25 ? "It began" : "short"]);
    const asked: unknown[] = [];
    const loadFull = async (...which: unknown[]) => {
      asked.push(which);
      return "It began and it ended";
    };
    const block: Block = { type: "table", field: "orders", columns, rows, cut: [[51, 2_500]] };
    render(<Blocks {...NOTHING} blocks={[{ type: "missing", field: "a" }, block]} loadFull={loadFull} />, root);
    expect(root.textContent).not.toContain("Show all 2,500");
    await act(async () => button(/^Show and search all/).click());
    await type("began");
    expect(root.querySelectorAll("tbody td")[1]?.textContent).toContain("It began…The first 8 characters.");
    button(/^Show all 2,500 characters$/).focus();
    await act(async () => button(/^Show all 2,500 characters$/).click());
    expect(asked).toEqual([[1, 51]]);
    expect(root.querySelectorAll("tbody td")[1]?.textContent).toBe("It began and it ended");
    expect(document.activeElement?.closest("td")).toBe(root.querySelectorAll("tbody td")[1]);
    await type("");
    expect(root.querySelectorAll("tbody td")[51]?.textContent).toBe("It began and it ended");
  });

  test("opens a long value of a mapping", async () => {
    const asked: unknown[] = [];
    const rows = [
      ["name", "short"],
      ["note", "It began"],
    ];
    const loadFull = async (...which: unknown[]) => {
      asked.push(which);
      return "It began and it ended";
    };
    const block: Block = { type: "table", field: "row", columns: null, rows, cut: [[3, 2_500]] };
    render(<Blocks {...NOTHING} blocks={[block]} loadFull={loadFull} />, root);
    await act(async () => button(/^Show all 2,500 characters$/).click());
    expect(asked).toEqual([[0, 3]]);
    expect(Array.from(root.querySelectorAll("td"), (cell) => cell.textContent)).toEqual([
      "short",
      "It began and it ended",
    ]);
  });

  test("keeps what is typed into its search from the card and the notebook, and leaves it with Escape", async () => {
    const rows = Array.from({ length: 30 }, (_, row) => [`name ${row}`, `${row}`]);
    const heard: string[] = [];
    root.addEventListener("keydown", ({ key }) => heard.push(key));
    root.dataset.hitl = "review";
    root.tabIndex = 0;
    render(<Blocks {...NOTHING} blocks={[{ type: "table", field: "row", columns: null, rows }]} />, root);
    await act(async () => button(/^Show and search all 30 rows$/).click());
    const input = root.querySelector("input") as HTMLInputElement;
    input.focus();
    for (const key of ["a", "Tab", "Escape"]) input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    expect(heard).toEqual(["Tab"]);
    expect(document.activeElement).toBe(root);
  });

  test("of a mapping has its keys beside its values, whatever they are called", () => {
    const rows = [
      ["__proto__", "1"],
      ["constructor", "2"],
    ];
    render(<Blocks {...NOTHING} blocks={[{ type: "table", field: "account", columns: null, rows }]} />, root);
    expect(Array.from(root.querySelectorAll("tr"), (row) => row.textContent)).toEqual(["__proto__1", "constructor2"]);
  });
});
