import { useState } from "preact/hooks";
import type { Block } from "../protocol";
import { count } from "./full_text";
import { Scroller } from "./scroller";
import { fitting, Search } from "./search";
import { For } from "./side";
import { FEW, More } from "./table";
import { VisibleText } from "./visible_text";
import { largest, signed } from "./weight";

type ContributionsBlock = Extract<Block, { type: "contributions" }>;

/** How many bars are drawn before all are asked for. */
const FIRST = 8;

/** Bars from a middle line: to the right what spoke for the prediction, to the left what spoke against it. */
export function Contributions({ block: { field, rows, sides, more } }: { block: ContributionsBlock }) {
  const [all, setAll] = useState(false);
  const [wanted, setWanted] = useState("");
  const most = largest(rows.map(([, weight]) => weight));
  if (rows.length === 0) return <p class="hitl-placeholder">no features</p>;
  const isLong = rows.length > FEW;
  const fits = fitting(wanted);
  const drawn = all ? rows.filter(([name, , value]) => fits(name) || fits(value ?? "")) : rows.slice(0, FIRST);
  const found = `${count.format(drawn.length)} of ${count.format(rows.length)} features`;
  const bars = (
    <table class="hitl-contributions" aria-label={field}>
      <thead>
        <tr>
          <th scope="col">feature</th>
          <th scope="col">
            <span class="hitl-directions">
              <span>
                <For side={sides?.[1]} or="against" />
              </span>
              <span>
                <For side={sides?.[0]} or="for" />
              </span>
            </span>
          </th>
          <th scope="col" class="hitl-right">
            weight
          </th>
        </tr>
      </thead>
      <tbody>
        {drawn.map(([name, weight, value], index) => (
          <tr key={index}>
            <th scope="row">
              <VisibleText text={name} />
              {value !== null && (
                <span class="hitl-value">
                  {" = "}
                  <VisibleText text={value} />
                </span>
              )}
            </th>
            <td class="hitl-track">
              <Beam share={most === 0 ? 0 : weight / most} />
            </td>
            <td class="hitl-right">{signed(weight, most)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <>
      {all && isLong && <Search field={field} wanted={wanted} search={setWanted} found={found} />}
      {all && isLong ? (
        <Scroller name={field} kind="table">
          {bars}
        </Scroller>
      ) : (
        bars
      )}
      {rows.length > FIRST && (
        <button
          type="button"
          class="hitl-link-button"
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
            setWanted("");
          }}
        >
          {all ? `Show the largest ${FIRST}` : `Show ${isLong ? "and search " : ""}all ${count.format(rows.length)}`}
        </button>
      )}
      {(all || rows.length <= FIRST) && <More more={more} one="smaller feature" />}
    </>
  );
}

function Beam({ share }: { share: number }) {
  const side = share < 0 ? "hitl-beam-against" : "hitl-beam-for";
  return <span class={`hitl-beam ${side}`} style={{ inlineSize: `${(Math.abs(share) * 50).toFixed(2)}%` }} />;
}
