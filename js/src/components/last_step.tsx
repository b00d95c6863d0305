import type { Review } from "../review";

/** What has happened last, in words. */
export function LastStep({ review }: { readonly review: Review }) {
  const { text, tone } = review.said.value;
  return (
    // What is announced to a screen reader says the same.
    <p class="hitl-last" data-tone={tone} aria-hidden="true">
      <bdi>{text}</bdi>
    </p>
  );
}
