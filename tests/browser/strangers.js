/** What stands in the card and is none of its own: elements, attributes and addresses that a text brought in. */
(root) => {
  const TAGS = new Set(
    `a b bdi blockquote br button canvas code dd del details div dl dt em fieldset form h2 h3 h4 hr iframe img input kbd
    label legend li ol option output p pre section select span strong summary table tbody td th thead tr ul`.split(/\s+/),
  );
  const ATTRIBUTES =
    /^(?:class|style|role|title|dir|lang|hidden|tabindex|type|value|placeholder|for|scope|start|alt|width|height|decoding|checked|autocomplete|spellcheck|inputmode|step|min|max|aria-[a-z]+|data-(?!commandlinker)[a-z-]+)$/;
  const OWN_VALUES = {
    id: /^P\d+-\d+(?:-[a-z0-9-]+)?$/,
    name: /^P\d+-\d+-[a-z]+$/,
    href: /^https?:\/\//,
    target: /^_blank$/,
    rel: /\bnoopener\b/,
    src: /^blob:/,
    sandbox: /^$/,
    srcdoc: /^<!doctype html><meta http-equiv=Content-Security-Policy content="default-src 'none';/,
  };
  const ROLES =
    /^(?:alert|combobox|dialog|group|img|listbox|none|note|option|presentation|progressbar|region|status|checkbox|spinbutton)$/;
  const found = [];
  for (const element of [root, ...root.querySelectorAll("*")]) {
    const tag = element.localName;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !TAGS.has(tag)) found.push(tag);
    if (tag === "iframe" && element.getAttribute("sandbox") !== "") found.push("iframe without its sandbox");
    for (const { name, value } of element.attributes) {
      const isOwn = OWN_VALUES[name]?.test(value) ?? ATTRIBUTES.test(name);
      if (!isOwn) found.push(`${tag} ${name}=${value}`);
      if (name === "class" && !/^(?:hitl[a-z0-9-]*\s*)*$/.test(value)) found.push(`${tag} class=${value}`);
      if (name === "role" && !ROLES.test(value)) found.push(`${tag} role=${value}`);
      if (name === "style" && /url|position|image|expression|@/i.test(value)) found.push(`${tag} style=${value}`);
    }
  }
  for (const once of ["[data-hitl]", "[aria-live]", ".hitl-saved", ".hitl-item"]) {
    if (root.parentElement.querySelectorAll(once).length > 1) found.push(`a second ${once}`);
  }
  for (const text of root.querySelectorAll(".hitl-text, .hitl-code-text, .hitl-raw, dt, th, td, .hitl-role, .hitl-said")) {
    for (const child of text.querySelectorAll("*")) {
      if (!child.closest(".hitl-markdown") && !child.matches("bdi, code, kbd, [class^=hitl-], .hitl-directions > span")) {
        found.push(`${child.localName} in a text`);
      }
    }
  }
  return found;
}
