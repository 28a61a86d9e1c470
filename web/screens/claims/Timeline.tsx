import { useState } from 'preact/hooks';
import type { ClaimView } from '../../../src/control/views/claimView.ts';
import type { ContactView } from '../../../src/control/views/contactView.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';

const LANE_PX = 28;
const NAME_PX = 190;
const WIDTH = 1360;
const DAY_MS = 86_400_000;

interface Mark {
  readonly lane: string;
  readonly fromMs: number;
  /** Of a contact: when it came out; the gap is drawn as a bar. */
  readonly toMs?: number;
  readonly shape: 'circle' | 'square' | 'diamond' | 'cross';
  readonly tone: 'accent' | 'bad' | 'good' | 'muted';
  readonly text: string;
}

/** What happened when: contacts and when they came out, orders, votes, statements, denials. */
export function Timeline({
  claims,
  contacts,
  orders,
}: {
  claims: readonly ClaimView[];
  contacts: readonly ContactView[];
  orders: readonly OrderView[];
}) {
  const [isTable, setIsTable] = useState(false);
  const marks = marksOf(claims, contacts, orders);
  if (marks.length === 0) return <p class="muted">Nothing has happened yet.</p>;
  const lanes = [...new Set(marks.map(({ lane }) => lane))];
  const fromMs = Math.min(...marks.map(m => m.fromMs));
  const toMs = Math.max(...marks.map(m => m.toMs ?? m.fromMs), fromMs + DAY_MS);
  const x = (ms: number): number =>
    NAME_PX + 10 + ((WIDTH - NAME_PX - 40) * (ms - fromMs)) / (toMs - fromMs);
  const height = lanes.length * LANE_PX + 26;
  const label = `${marks.length} events of ${lanes.length} parties from ${dayOf(fromMs)} to ${dayOf(toMs)}`;
  return (
    <>
      <div class="row">
        <span class="small muted">
          ● contact, bar to its disclosure · ■ order or vote · ◆ statement · ✕ denial
        </span>
        <button type="button" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          Table
        </button>
      </div>
      {isTable ? (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>When</th>
                <th>Who</th>
                <th>What</th>
              </tr>
            </thead>
            <tbody>
              {[...marks]
                .sort((a, b) => a.fromMs - b.fromMs)
                .map((mark, i) => (
                  <tr key={i}>
                    <td class="mono">{dayOf(mark.fromMs)}</td>
                    <td>{mark.lane}</td>
                    <td>{mark.text}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      ) : (
        <section class="scroll" aria-label={label}>
          <svg class="timeline" width={WIDTH} height={height} role="img" aria-label={label}>
            <title>{label}</title>
            {lanes.map((lane, i) => (
              <g key={lane}>
                <line x1={NAME_PX} x2={WIDTH} y1={(i + 1) * LANE_PX} y2={(i + 1) * LANE_PX} />
                <text x={0} y={i * LANE_PX + 18}>
                  {lane.length > 28 ? `${lane.slice(0, 27)}…` : lane}
                </text>
              </g>
            ))}
            {ticksOf(fromMs, toMs).map(ms => (
              <text key={ms} class="tick" text-anchor="middle" x={x(ms)} y={height - 6}>
                {dayOf(ms)}
              </text>
            ))}
            {marks.map((mark, i) => (
              <MarkShape
                key={i}
                mark={mark}
                x={x(mark.fromMs)}
                x2={mark.toMs === undefined ? undefined : x(mark.toMs)}
                y={lanes.indexOf(mark.lane) * LANE_PX + 14}
              />
            ))}
          </svg>
        </section>
      )}
    </>
  );
}

function MarkShape({
  mark,
  x,
  x2,
  y,
}: {
  mark: Mark;
  x: number;
  x2: number | undefined;
  y: number;
}) {
  const { shape, tone, text } = mark;
  return (
    <g class={`mark mark-${tone}`}>
      <title>{text}</title>
      {x2 !== undefined && (
        <rect x={x} y={y - 3} width={Math.max(2, x2 - x)} height={6} opacity={0.4} />
      )}
      {shape === 'circle' && <circle cx={x} cy={y} r={5} />}
      {shape === 'square' && <rect x={x - 5} y={y - 5} width={10} height={10} />}
      {shape === 'diamond' && <path d={`M${x} ${y - 6}l6 6-6 6-6-6z`} />}
      {shape === 'cross' && <path class="stroke" d={`M${x - 5} ${y - 5}l10 10m0-10l-10 10`} />}
      {x2 !== undefined && mark.tone === 'bad' && (
        <text x={x2 + 6} y={y + 4}>
          {text.slice(text.lastIndexOf('late'))}
        </text>
      )}
    </g>
  );
}

function marksOf(
  claims: readonly ClaimView[],
  contacts: readonly ContactView[],
  orders: readonly OrderView[],
): Mark[] {
  const plain = (name: string): string => name.replace(/^person:/, '');
  return [
    ...contacts.map(
      (c): Mark => ({
        lane: plain(c.reporter),
        fromMs: Date.parse(c.to),
        toMs: Date.parse(c.disclosedAt),
        shape: 'circle',
        tone: c.isLate ? 'bad' : 'accent',
        text: `contact with ${c.counterparty.role}, disclosed${c.isLate ? ` late, ${c.daysUntilDisclosed} days` : ' in time'}`,
      }),
    ),
    ...orders.flatMap((o): Mark[] => [
      {
        lane: plain(o.proposer),
        fromMs: Date.parse(o.proposed.at),
        shape: 'square',
        tone: 'accent',
        text: `proposes ${o.id ?? o.type}`,
      },
      ...o.votes.map(
        (v): Mark => ({
          lane: plain(v.person),
          fromMs: Date.parse(v.at),
          shape: 'square',
          tone: v.decision === 'yes' ? 'good' : 'bad',
          text: `votes ${v.decision} on ${o.id ?? o.type}`,
        }),
      ),
    ]),
    ...claims.flatMap((c): Mark[] => [
      {
        lane: c.originator,
        fromMs: Date.parse(c.firstAppearance.at),
        shape: 'diamond',
        tone: 'accent',
        text: `“${c.text}”`,
      },
      ...c.stances.map(
        (s): Mark => ({
          lane: s.party,
          fromMs: Date.parse(s.at),
          shape: s.stance.startsWith('deny') ? 'cross' : 'diamond',
          tone: s.stance.startsWith('deny') ? 'bad' : 'muted',
          text: `${s.stance.replaceAll('_', ' ')}: “${c.text}”`,
        }),
      ),
    ]),
  ];
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Midnights, UTC, at most seven, evenly apart. */
function ticksOf(fromMs: number, toMs: number): number[] {
  const first = Math.ceil(fromMs / DAY_MS);
  const last = Math.floor(toMs / DAY_MS);
  const step = Math.max(1, Math.ceil((last - first) / 6));
  const ticks: number[] = [];
  for (let day = first; day <= last; day += step) ticks.push(day * DAY_MS);
  return ticks;
}
