import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import { type Formatter, PageFormatter } from "./formatter";
import { MarkdownText } from "./markdown";
import * as markdown from "./markdown_tokens";

function drawn(text: string, formatter = signal<Formatter | null>(markdown)): HTMLElement {
  const root = document.createElement("main");
  render(
    <PageFormatter.Provider value={formatter}>
      <MarkdownText text={text} />
    </PageFormatter.Provider>,
    root,
  );
  return root;
}

function html(text: string): string | undefined {
  return drawn(text).querySelector(".hitl-markdown")?.innerHTML;
}

describe("Markdown becomes elements", () => {
  test.each([
    [
      "I **paid** *twice* ~~once~~ `x < 1`",
      '<p dir="auto">I <strong>paid</strong> <em>twice</em> <del>once</del> <code>x &lt; 1</code></p>',
    ],
    ["# Title", '<p dir="auto" class="hitl-heading hitl-heading-1">Title</p>'],
    ["> quoted", '<blockquote><p dir="auto">quoted</p></blockquote>'],
    ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["a  \nb", '<p dir="auto">a<br>b</p>'],
    ["---", "<hr>"],
    ["```py\nx = '<b>' &amp; 1\n```", "<pre dir=\"ltr\"><code>x = '&lt;b&gt;' &amp;amp; 1</code></pre>"],
    ["\\*not\\*", '<p dir="auto">*not*</p>'],
  ])("%j", (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test("tables keep their alignment", () => {
    const table = drawn("| day | sum |\n|:--|--:|\n| Mon | 9.90 |").querySelector("table");
    expect(Array.from(table?.querySelectorAll("th") ?? [], (cell) => cell.textContent)).toEqual(["day", "sum"]);
    expect(table?.querySelector("tbody td:last-child")?.className).toBe("hitl-right");
  });

  test("tasks say whether they are done", () => {
    const marks = drawn("- [x] paid\n- [ ] sent").querySelectorAll("[role=img]");
    expect(Array.from(marks, (mark) => mark.getAttribute("aria-label"))).toEqual(["done", "to do"]);
  });

  test("character references are characters, once", () => {
    expect(drawn("&lt;b&gt; &amp;lt; &#65;&#x42; &mdash; &nosuch;").textContent).toBe("<b> &lt; AB — &nosuch;");
  });
});

test("until what formats it has come, the text stands as it is written; then it is formatted in place", async () => {
  const formatter = signal<Formatter | null>(null);
  const text = "I **paid**\n\n- <b>twice</b>\u202e \x1b[31m";
  const root = drawn(text, formatter);
  expect(root.querySelector(".hitl-text")?.textContent).toBe("I **paid**\n\n- <b>twice</b>U+202E ");
  expect(root.textContent).toContain("1 terminal code is left out.");
  expect(root.querySelector("strong, li, b")).toBeNull();
  await act(() => {
    formatter.value = markdown;
  });
  expect(root.querySelector("strong")?.textContent).toBe("paid");
  expect(root.querySelector("li")?.textContent).toBe("<b>twice</b>U+202E ");
  expect(root.querySelector(".hitl-text")).toBeNull();
});

test("tags are text", () => {
  const root = drawn("<div onclick=x>block</div>\n\nand <b>inline</b>");
  expect(root.textContent).toBe("<div onclick=x>block</div>and <b>inline</b>");
  expect(root.querySelector("b, div[onclick]")).toBeNull();
});

describe("links", () => {
  test("to the web open apart, and say their host", () => {
    const root = drawn("[the receipt](https://pay.example.com/r/17)");
    const link = root.querySelector("a");
    expect(link?.title).toBe("https://pay.example.com/r/17");
    expect(link?.target).toBe("_blank");
    expect(link?.rel).toBe("noopener noreferrer nofollow");
    expect(root.textContent).toBe("the receipt (pay.example.com)");
  });

  test.each(["mousedown", "focus", "click"])("have an address from %s until they lose the focus", (reached) => {
    const link = drawn("[the receipt](https://pay.example.com/r/17)").querySelector("a");
    link?.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    expect(link?.hasAttribute("href")).toBe(false);
    expect([link?.getAttribute("role"), link?.tabIndex]).toEqual(["link", 0]);
    link?.dispatchEvent(new Event(reached));
    expect(link?.href).toBe("https://pay.example.com/r/17");
    link?.dispatchEvent(new Event("blur"));
    expect(link?.hasAttribute("href")).toBe(false);
  });

  test.each([
    ["[https://bank.example](https://evil.example/)", "https://bank.example (evil.example)"],
    ["https://bank.example@evil.example/", "https://bank.example@evil.example/ (evil.example)"],
    ["[раypal](https://раypal.com)", "раypal (xn--ypal-43d9g.com)"],
    ["https://example.com/a", "https://example.com/a"],
  ])("that look like another host are found out: %s", (text, expected) => {
    expect(drawn(text).textContent).toBe(expected);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@b.example",
    "/relative",
    "#here",
    "ftp://x.example",
    "//x.example",
  ])("to anywhere else are text with their address: %s", (address) => {
    const root = drawn(`[words](${address})`);
    expect(root.querySelector("a")).toBeNull();
    expect(root.textContent).toBe(`words (${address})`);
  });
});

test("pictures are not loaded; their description and address stand there", () => {
  const root = drawn("![a cat](http://evil.example/cat.png)");
  expect(root.querySelector("img")).toBeNull();
  expect(root.textContent).toContain("a cat (http://evil.example/cat.png)");
});

test("hidden characters stand as marks", () => {
  expect(drawn("**user\u202egpj.exe**").querySelector(".hitl-mark")?.textContent).toBe("U+202E");
});

describe("what is made to hang the page does not, and can be read", () => {
  const size = 49_000;
  test.each([
    ["quotes in quotes", "> "],
    ["lists in lists", "- "],
    ["both in one another", "> 1. "],
    ["brackets", "["],
    ["opened links", "[a]("],
    ["opened emphasis", "*a **a "],
    ["underscores", "_a "],
    ["backticks", "` `` "],
    ["tags", "<a "],
    ["comments", "<!--"],
    ["one long word", "a.b@"],
    ["exclamations", "!"],
    ["table cells", "|a"],
    ["references", "[a]: b\n"],
    ["quotes that are not continued", "> a\nb\n"],
  ])("%s", (_, part) => {
    const text = `${part.repeat(size / part.length)}end`;
    const start = performance.now();
    const root = drawn(text);
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(root.textContent).toContain("end");
  });

  test.each([
    ["quotes in quotes", "> ".repeat(2_000)],
    ["lists in lists", "- ".repeat(2_000)],
    ["indented lists", Array.from({ length: 120 }, (_, depth) => `${" ".repeat(2 * depth)}- a`).join("\n")],
    ["emphasis", `${"*a ".repeat(2_000)}${"a* ".repeat(2_000)}`],
    ["links in links", `${"![".repeat(2_000)}a${"](b)".repeat(2_000)}`],
  ])("nested: %s", (_, text) => {
    const start = performance.now();
    const root = drawn(`${text}end`);
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(root.textContent).toContain("end");
    expect(deepest(root)).toBeLessThan(80);
  });

  test("and what is longer than can be formatted is shown as it is written", () => {
    const text = "**a** ".repeat(20_000);
    const root = drawn(text);
    expect(root.querySelector("strong")).toBeNull();
    expect(root.querySelector(".hitl-text")?.textContent).toBe(text);
  });

  test("control: a row of dashes is a rule, and a nest of three is formatted", () => {
    expect(html("- ".repeat(40).trim())).toBe("<hr>");
    expect(html("> > > deep")).toBe(
      '<blockquote><blockquote><blockquote><p dir="auto">deep</p></blockquote></blockquote></blockquote>',
    );
  });
});

function deepest(element: Element): number {
  return 1 + Math.max(0, ...Array.from(element.children, deepest));
}
