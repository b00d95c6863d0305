import type { ComponentChildren } from "preact";
import { shown } from "../blocks/visible_text";
import type { Review } from "../review";
import { counted } from "../words";

/** What stands in the way, and what to do about it. */
export function Banners({ review }: { readonly review: Review }) {
  const { kernel, outbox } = review;
  const waiting = outbox.pending.value.length;
  const isDurable = outbox.durable.value;
  const kept = `${counted(waiting, "decision")} ${waiting === 1 ? "is" : "are"} kept in ${isDurable ? "this browser" : "this page, as long as it is open,"}`;
  const problem = kernel.traits.problem.value;
  const unanswered = outbox.unanswered.value && waiting > 0;
  if (kernel.connection.value === "gone") {
    return (
      <Banner title="Disconnected: the kernel that ran this review has ended.">
        {waiting > 0 ? `${kept} and will be sent then. ` : "Everything is saved. "}
        Run the cell again to go on where you stood.
      </Banner>
    );
  }
  if (kernel.connection.value === "offline") {
    return (
      <Banner title="Disconnected: the kernel cannot be reached.">
        {waiting > 0 ? `${kept} and will be sent when it comes back. ` : "Everything so far is saved. "}
        If it does not come back, run the cell again.
      </Banner>
    );
  }
  return (
    <>
      {problem !== null && (
        <Banner title={<>Not saved: {shown(problem.message)}</>}>
          {shown(problem.remedy)}
          {waiting > 0 && ` · ${kept}`}
        </Banner>
      )}
      {problem === null && unanswered && (
        <Banner
          tone="note"
          title={kernel.busy.value ? "A cell is running." : "The kernel has not answered for 5 seconds."}
        >
          {kept} until the kernel answers. You can go on reviewing.
        </Banner>
      )}
      {!isDurable && (
        <Banner tone="note" title="This browser's storage is full or forbidden.">
          Decisions that are not saved yet are lost when this page is left.
        </Banner>
      )}
    </>
  );
}

interface BannerProps {
  readonly title: ComponentChildren;
  readonly tone?: "warning" | "note";
  readonly children: ComponentChildren;
}

function Banner({ title, tone = "warning", children }: BannerProps) {
  return (
    <div class="hitl-banner" data-tone={tone} role={tone === "warning" ? "alert" : "status"}>
      <strong>{title}</strong> <span>{children}</span>
    </div>
  );
}
