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
    // One that stands elsewhere at this moment, in another view or under its heat map, stays there.
    const placed = image.isConnected ? (image.cloneNode() as HTMLImageElement) : image;
    placed.alt = alt;
    placed.className = pixelated ? "hitl-image hitl-pixelated" : "hitl-image";
    place.current?.append(placed);
    return () => placed.remove();
  }, [image, alt, pixelated]);
  return <span ref={place} class="hitl-image-place" />;
}
