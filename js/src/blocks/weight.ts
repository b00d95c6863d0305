/** Weights speak for the prediction when positive and against it when negative. */

const LEVELS = 5;
/** Below this share of the largest, a weight is not worth a tint. */
const FAINTEST = 0.02;

export function largest(weights: Iterable<number>): number {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  return most;
}

/** -5 to 5 in steps, by its share of the largest. */
export function level(weight: number, most: number): number {
  const share = most === 0 ? 0 : Math.abs(weight) / most;
  return share < FAINTEST ? 0 : Math.sign(weight) * Math.ceil(share * LEVELS);
}

/** With its sign, to three digits of the largest beside it, so that a column lines up: "+0.250", "−1.0e+308". */
export function signed(weight: number, most: number = Math.abs(weight)): string {
  if (weight === 0) return "0";
  const size = Math.abs(weight);
  const digits =
    most >= 1e6 || most < 1e-4 ? size.toExponential(1) : size.toFixed(Math.max(0, 2 - Math.floor(Math.log10(most))));
  return `${weight < 0 ? "−" : "+"}${digits}`;
}
