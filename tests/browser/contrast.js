/** How colours contrast, by the WCAG's own formulas; a canvas knows every way to write one. */
window.contrasts = (() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  /** The channels of a colour that is laid over an opaque one. */
  const rgb = (color, under) => {
    paint.fillStyle = `rgb(${under})`;
    paint.fillRect(0, 0, 1, 1);
    paint.fillStyle = color;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (channels) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = channels.map((channel) => linear(channel / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  /** The opaque colour that an element's text stands on. */
  const ground = (element) => {
    const around = [];
    for (let part = element; part; part = part.parentElement ?? part.getRootNode().host) {
      around.unshift(getComputedStyle(part).backgroundColor);
    }
    return around.reduce((under, color) => rgb(color, under), [255, 255, 255]);
  };
  return { rgb, contrast, ground };
})();
