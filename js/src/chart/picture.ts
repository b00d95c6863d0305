/** A chart as a picture, for whoever opens the notebook without a kernel. */
import type { Size } from "./messages";
import { ON_PAPER } from "./theme";

/** As sharp as a good screen; larger pictures are made plainer, so that no message grows too large. */
const SCALES = [2, 1] as const;
const LARGEST = 400_000; // bytes

export interface Picture {
  readonly png: ArrayBuffer;
  readonly size: Size;
}

/** The drawing as it is now, dark on white; null where the browser does not make one. */
export async function pictureOf(svg: SVGSVGElement): Promise<Picture | null> {
  const size = { width: Math.ceil(svg.width.baseVal.value), height: Math.ceil(svg.height.baseVal.value) };
  if (size.width === 0 || size.height === 0) return null;
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([onPaper(svg)], { type: "image/svg+xml" }));
  try {
    await image.decode();
    for (const scale of SCALES) {
      const png = await painted(image, size, scale);
      if (png !== null && png.size <= LARGEST) return { png: await png.arrayBuffer(), size };
    }
    return null;
  } catch {
    return null; // what was kept before stays
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** The drawing by itself, without the page's colours. */
export function onPaper(svg: SVGSVGElement): string {
  let text = new XMLSerializer().serializeToString(svg);
  for (const [variable, color] of ON_PAPER) text = text.replaceAll(variable, color);
  return text;
}

function painted(image: HTMLImageElement, { width, height }: Size, scale: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (context === null) return Promise.resolve(null);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
