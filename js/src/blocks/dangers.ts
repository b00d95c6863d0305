/** For tests: what in a part of a page could run, fetch, or reach outside it. */
export function dangers(root: Element): readonly string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    const tag = element.localName;
    if (/^(?:script|iframe|object|embed|link|meta|base|form|svg|math|video|audio|template)$/.test(tag)) found.push(tag);
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) found.push(`${tag} ${name}`);
      if (/^(?:id|name)$/.test(name)) found.push(`${tag} ${name}=${value}`);
      if (/^(?:href|src|action|formaction|xlink:href|srcset|poster)$/.test(name) && !isHarmless(tag, name, value)) {
        found.push(`${tag} ${name}=${value}`);
      }
      if (name === "style" && /url|expression|position|@import/i.test(value)) found.push(`${tag} style=${value}`);
      if (name === "class" && !/^(?:hitl-[a-z0-9-]+ ?)*$/.test(value)) found.push(`${tag} class=${value}`);
    }
    if (tag === "a" && !/noopener/.test(element.getAttribute("rel") ?? "")) found.push("a without noopener");
  }
  return found;
}

function isHarmless(tag: string, name: string, value: string): boolean {
  if (tag === "a" && name === "href") return /^https?:\/\//i.test(value);
  return tag === "img" && value.startsWith("blob:");
}
