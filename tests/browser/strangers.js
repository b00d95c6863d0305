/** What stands in a card, a chart or a dashboard and is none of its own: what a text brought in. */
(root) => {
  const TAGS = new Set(
    `a b bdi blockquote br button canvas code dd del details div dl dt em fieldset form h2 h3 h4 hr iframe img input kbd
    label legend li ol option output p pre section select span strong summary table tbody td th thead tr ul`.split(/\s+/),
  );
  const ATTRIBUTES =
    /^(?:class|style|role|title|dir|lang|hidden|popover|tabindex|type|value|placeholder|for|scope|start|alt|width|height|decoding|checked|autocomplete|spellcheck|inputmode|step|min|max|aria-[a-z]+|data-(?!commandlinker)[a-z-]+)$/;
  // A drawing, where Vega has put it.
  const DRAWN = new Set("svg g path text title tspan line rect defs clippath lineargradient stop".split(" "));
  const DRAWN_ATTRIBUTES =
    /^(?:class|d|x|y|x1|x2|y1|y2|dx|dy|width|height|offset|viewbox|version|xmlns(?::xlink)?|transform|style|cursor|role|fill(?:-[a-z]+)?|stroke(?:-[a-z]+)?|stop-color|opacity|font-[a-z]+|text-anchor|pointer-events|display|aria-[a-z]+)$/i;
  const DRAWN_VALUES = { id: /^(?:clip|gradient_)\d+$/, "clip-path": /^url\(#clip\d+\)$/ };
  const isDrawn = (element) => element.closest(".hitl-place > svg") !== null;
  const strangersDrawn = (element) => {
    const found = DRAWN.has(element.localName.toLowerCase()) ? [] : [`drawn ${element.localName}`];
    for (const { name, value } of element.attributes) {
      const isOwn = DRAWN_VALUES[name]?.test(value) ?? DRAWN_ATTRIBUTES.test(name);
      if (!isOwn || /url\((?!#(?:clip|gradient_)\d+\))/i.test(name === "aria-label" ? "" : value)) {
        found.push(`drawn ${element.localName} ${name}=${value}`);
      }
    }
    return found;
  };
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
    /^(?:alert|combobox|dialog|graphics-document|group|img|link|listbox|none|note|option|presentation|progressbar|region|status|checkbox|spinbutton|tab|tablist|tabpanel|tooltip)$/;
  const found = [];
  for (const element of [root, ...root.querySelectorAll("*")]) {
    if (isDrawn(element)) {
      found.push(...strangersDrawn(element));
      continue;
    }
    const tag = element.localName;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !TAGS.has(tag)) found.push(tag);
    if (tag === "iframe" && element.getAttribute("sandbox") !== "") found.push("iframe without its sandbox");
    for (const { name, value } of element.attributes) {
      const isOwn = OWN_VALUES[name]?.test(value) ?? ATTRIBUTES.test(name);
      if (!isOwn) found.push(`${tag} ${name}=${value}`);
      const isVegas = element.matches(".hitl-place > form.vega-bindings:empty");
      if (name === "class" && !isVegas && !/^(?:hitl[a-z0-9-]*\s*)*$/.test(value)) found.push(`${tag} class=${value}`);
      if (name === "role" && !ROLES.test(value)) found.push(`${tag} role=${value}`);
      if (name === "style" && /url|position|image|expression|@/i.test(value)) found.push(`${tag} style=${value}`);
    }
  }
  for (const once of ["[data-hitl]", "[aria-live]", ".hitl-saved", ".hitl-item"]) {
    if (root.parentElement.querySelectorAll(once).length > 1) found.push(`a second ${once}`);
  }
  for (const text of root.querySelectorAll(".hitl-text, .hitl-code-text, .hitl-raw, dt, th, td, .hitl-role, .hitl-said")) {
    for (const child of text.querySelectorAll("*")) {
      if (!child.closest(".hitl-markdown") && !child.matches("bdi, code, kbd, [class^=hitl-], .hitl-directions > span, .hitl-versions dt > span, .hitl-chips > li")) {
        found.push(`${child.localName} in a text`);
      }
    }
  }
  return found;
}
