import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { NOTHING, render, root } from "../../tests/drawn";
import type { Block } from "../protocol";
import { Blocks } from "./index";

function draw(rendered: string | null): void {
  const block: Block = { type: "html", field: "mail", text: "<p onclick=f()>Hello</p>", rendered };
  render(<Blocks {...NOTHING} blocks={[block]} />, root);
}

test("HTML is read as source; rendered only when asked for, and the source stays", async () => {
  draw("<p>Hello</p>");
  expect(root.querySelector("code")?.textContent).toBe("<p onclick=f()>Hello</p>");
  expect(root.querySelector("iframe")).toBeNull();
  const button = root.querySelector("button") as HTMLButtonElement;
  await act(async () => button.click());
  expect(button.getAttribute("aria-expanded")).toBe("true");
  expect(root.querySelector("iframe")?.title).toBe("mail, rendered");
  expect(root.textContent).toContain("Sanitised");
  expect(root.querySelector("code")?.textContent).toBe("<p onclick=f()>Hello</p>");
  await act(async () => button.click());
  expect(root.querySelector("iframe")).toBeNull();
});

test("what is said of the sanitiser is what it did, whole or as far as the source has come", async () => {
  const said = async (block: Partial<Extract<Block, { type: "html" }>>) => {
    const whole: Block = { type: "html", field: "mail", text: "<p>Hello</p>", rendered: "<p>Hello</p>", ...block };
    render(<Blocks {...NOTHING} blocks={[whole]} />, root);
    await act(async () => root.querySelector("button")?.click());
    return root.querySelector(".hitl-frame + p")?.textContent?.split(":")[0];
  };
  expect(await said({ rendered: "Hello" })).toBe("Sanitised");
  expect(await said({})).toBe("Rendered as it is written");
  expect(await said({ clipped: 90, rendered: "<p>Hello</p><p>and more</p>" })).toBe("Rendered as it is written");
  expect(await said({ clipped: 90, rendered: "<p>Goodbye</p>" })).toBe("Sanitised");
});

test("it is rendered in a sandbox that allows nothing, within one that allows no other frame", async () => {
  const html = `<p title="a &amp; b">"quoted"</p></iframe><script>f()</script>`;
  draw(html);
  await act(async () => root.querySelector("button")?.click());
  const frame = root.querySelector("iframe");
  expect(frame?.getAttribute("sandbox")).toBe("");
  const outer = new DOMParser().parseFromString(frame?.getAttribute("srcdoc") ?? "", "text/html");
  expect(outer.querySelector("script")).toBeNull();
  const inner = outer.querySelector("iframe");
  expect(inner?.getAttribute("sandbox")).toBe("");
  expect(inner?.getAttribute("srcdoc")).toContain(html);
  for (const source of [frame, inner]) {
    expect(source?.getAttribute("srcdoc")).toMatch(
      /^<!doctype html><meta http-equiv=Content-Security-Policy content="default-src 'none';/,
    );
  }
});

test("what is too long for the sanitiser is not rendered, and says so", () => {
  draw(null);
  expect(root.textContent).toContain("Too long to be shown rendered.");
  expect(root.querySelector("button")).toBeNull();
});
