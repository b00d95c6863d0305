import { useLayoutEffect, useRef } from "preact/hooks";

interface PlacedImageProps {
  /** Decoded beforehand, so that it is painted with the rest of the item. */
  readonly image: HTMLImageElement;
  readonly alt: string;
  readonly pixelated: boolean;
}

/** The image, if it could be decoded. */
export function decoded(image: HTMLImageElement | undefined): HTMLImageElement | undefined {
  return image?.complete && image.naturalWidth === 0 ? undefined : image;
}

/** Puts an image that is already there into the page. */
export function PlacedImage({ image, alt, pixelated }: PlacedImageProps) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    // One that another view shows at this moment stays there.
    const placed = image.isConnected ? (image.cloneNode() as HTMLImageElement) : image;
    placed.alt = alt;
    placed.className = pixelated ? "hitl-image hitl-pixelated" : "hitl-image";
    place.current?.append(placed);
    return () => placed.remove();
  }, [image, alt, pixelated]);
  return <span ref={place} class="hitl-image-place" />;
}

/** The same picture once more, under a heat map; whoever cannot see it has been told of the first. */
export function CopiedImage({ image, width, height }: { image: HTMLImageElement; width: number; height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(image, 0, 0, width, height);
  }, [image, width, height]);
  return <canvas ref={canvas} class="hitl-image hitl-pixelated" width={width} height={height} aria-hidden="true" />;
}
