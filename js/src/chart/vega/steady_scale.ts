/** A scale that is taken for changed only where it has: Vega computes every mark anew for one that may have. */
import { sameJson } from "../../json";
import type { Json } from "../../protocol";

/** As much of a scale of d3's as is looked at. */
interface Scale {
  domain?(): readonly unknown[];
  range?(): readonly unknown[];
}

interface Parameters {
  modified(name: string): boolean;
}

/** Vega's operator, which is called each time that something may have changed what it makes the scale of. */
export interface ScaleOperator {
  value: Scale | null;
  modified(is: boolean): ScaleOperator;
  transform(parameters: Parameters, pulse: unknown): unknown;
}

export function steady(
  operator: new (parameters: unknown) => ScaleOperator,
): new (
  parameters: unknown,
) => ScaleOperator {
  return class extends operator {
    override transform(parameters: Parameters, pulse: unknown): unknown {
      const [was, from, to] = stateOf(this.value);
      const made = super.transform(parameters, pulse);
      const [is, ...now] = stateOf(this.value);
      const others = Object.keys(parameters).filter((name) => name !== "domain");
      this.modified(is !== was || !sameJson([from, to], now) || others.some((name) => parameters.modified(name)));
      return made;
    }
  };
}

function stateOf(scale: Scale | null): [scale: Scale | null, domain: Json, range: Json] {
  return [scale, plain(scale?.domain?.()), plain(scale?.range?.())];
}

/** With numbers for times, which are objects that look all alike. */
function plain(ends: readonly unknown[] | undefined): Json {
  return (ends ?? []).map((end) => (end instanceof Date ? end.getTime() : end) as Json);
}
