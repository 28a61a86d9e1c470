import { useMemo } from 'preact/hooks';
import { ms, people, rate, signed, whole } from '../../shell/figures.ts';
import { changes, nameOf } from '../../shell/scenario.ts';
import {
  computingSinceMs,
  firstNumbers,
  impact,
  isImpactRunning,
  newestSlot,
  world,
} from '../../shell/simulation.ts';
import { pageUrl } from '../../shell/state.ts';
import type { ImpactRows, ServicePath, SlotTotals } from '../../workers/messages.ts';
import { pickTerritory } from './pickTerritory.ts';
import { SeriesChart } from './SeriesChart.tsx';

const NEIGHBOURS = 8;

/** Right: what the change does, before, after, and by how much. */
export function Consequences() {
  const slot = newestSlot.value;
  const now = impact.value;
  const first = firstNumbers.value;
  const isChanged = changes.value.length > 0;
  const isWaiting = computingSinceMs.value !== null || isImpactRunning.value;
  return (
    <aside
      class={`panel panel-right${isWaiting && !now ? ' waiting' : ''}`}
      id="panel-consequences"
      aria-label="Consequences"
    >
      {!isChanged ? (
        <EarthNow totals={slot?.totalsAfter ?? null} />
      ) : now === null ? (
        <section>
          <h2>Consequences, next 15 min</h2>
          {first === null ? (
            <p class="muted">Computing …</p>
          ) : (
            <dl>
              <div>
                <dt>Cells switched off</dt>
                <dd class="mono">{whole(first.cellsOff)}</dd>
              </div>
              <div>
                <dt>People inside</dt>
                <dd class="mono">{people(first.peopleOff)}</dd>
              </div>
              <div>
                <dt>People across the border, in the same cells</dt>
                <dd class="mono">{people(first.peopleOutsideOff)}</dd>
              </div>
              <div>
                <dt>Gateways switched off</dt>
                <dd class="mono">{first.gateways.length}</dd>
              </div>
            </dl>
          )}
        </section>
      ) : (
        <Impacts rows={now.rows} done={now.slotsDone} of={now.slotCount} />
      )}
      {slot && <PathOf before={slot.pathBefore} after={slot.pathAfter} isChanged={isChanged} />}
      <Provenance />
    </aside>
  );
}

function EarthNow({ totals }: { totals: SlotTotals | null }) {
  if (totals === null) {
    return (
      <section>
        <h2>The Earth, this slot</h2>
        <p class="muted">Computing who is served …</p>
      </section>
    );
  }
  const rows: readonly (readonly [string, string])[] = [
    ['Cells served', whole(totals.servedCells)],
    ['People in reach', people(totals.servedPeople)],
    ['Median round trip', ms(totals.p50Ms)],
    ['Slowest twentieth', ms(totals.p95Ms)],
    ['Throughput', rate(totals.shareMbps)],
    ['Gateways in use', whole(totals.gateways)],
  ];
  return (
    <section>
      <h2>The Earth, this slot</h2>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <p class="muted small after-list">
        Switch a territory off, and this shows before, after and change: for the people inside, for
        those across the border, and for each neighbour.
      </p>
    </section>
  );
}

function Impacts({ rows, done, of }: { rows: ImpactRows; done: number; of: number }) {
  const { before, after, inside, outside } = rows;
  const slot = newestSlot.value;
  const p50 = change(before.latencyMs.p50, after.latencyMs.p50);
  const p95 = change(before.latencyMs.p95, after.latencyMs.p95);
  const table: readonly (readonly [string, string, string, string])[] = [
    [
      'Cells served',
      whole(before.servedCells),
      whole(after.servedCells),
      signed(after.servedCells - before.servedCells, whole),
    ],
    [
      'People served',
      people(before.servedPeople),
      people(after.servedPeople),
      signed(after.servedPeople - before.servedPeople, people),
    ],
    ['Median round trip', ms(before.latencyMs.p50), ms(after.latencyMs.p50), p50],
    ['p95 round trip', ms(before.latencyMs.p95), ms(after.latencyMs.p95), p95],
    [
      'Throughput',
      rate(before.shareMbps),
      rate(after.shareMbps),
      signed(after.shareMbps - before.shareMbps, rate),
    ],
    ...(slot
      ? [
          [
            'Gateways, Earth',
            whole(slot.totalsBefore.gateways),
            whole(slot.totalsAfter.gateways),
            signed(slot.totalsAfter.gateways - slot.totalsBefore.gateways, whole),
          ] as const,
        ]
      : []),
  ];
  const places = [...pageUrl.value.off, ...pageUrl.value.gateways];
  const where =
    places.length === 0 ? 'the Earth' : `${places.map(nameOf).join(', ')} and 600 km around`;
  return (
    <>
      <section>
        <h2>
          Consequences, next 15 min{' '}
          {done < of && (
            <span class="badge">
              {done} of {of} slots
            </span>
          )}
        </h2>
        <p class="muted small">{where}</p>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {table.map(([name, was, is, by]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="mono">{was}</td>
                <td class="mono">{is}</td>
                <td class="mono">{by}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {inside.cells > 0 && pageUrl.value.off.length > 0 && (
        <section>
          <h2>People</h2>
          <dl>
            <div>
              <dt>Inside, losing service</dt>
              <dd class="mono">{people(inside.peopleLosing)}</dd>
            </div>
            <div>
              <dt>Inside, keeping it at the edge</dt>
              <dd class="mono">{people(inside.peopleKeeping)}</dd>
            </div>
            <div>
              <dt>Across the border, in the same cells</dt>
              <dd class="mono">{people(outside.peopleLosingByEdge)}</dd>
            </div>
            <div>
              <dt>Across the border, for want of beams</dt>
              <dd class="mono">{people(outside.peopleLosingByCapacity)}</dd>
            </div>
            <div>
              <dt>Across the border, for want of gateways</dt>
              <dd class="mono">{people(outside.peopleLosingByGateways)}</dd>
            </div>
            <div>
              <dt>Across the border, gaining it</dt>
              <dd class="mono">{people(outside.peopleGaining)}</dd>
            </div>
          </dl>
        </section>
      )}
      <Neighbours rows={rows} />
      <Charts rows={rows} />
      {rows.gatewaysLost.length > 0 && (
        <section>
          <h2>Gateways no longer used here</h2>
          <ul class="plain">
            {rows.gatewaysLost.slice(0, 12).map(({ name, country, reason }) => (
              <li key={name}>
                {name}{' '}
                <span class="muted">
                  {nameOf(country)}, {reason}
                </span>
              </li>
            ))}
            {rows.gatewaysLost.length > 12 && (
              <li class="muted">and {rows.gatewaysLost.length - 12} more</li>
            )}
          </ul>
        </section>
      )}
    </>
  );
}

function Neighbours({ rows }: { rows: ImpactRows }) {
  const shown = rows.neighbours.slice(0, NEIGHBOURS);
  if (shown.length === 0) return null;
  return (
    <section>
      <h2>Most affected neighbours</h2>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">Territory</th>
            <th scope="col">Losing</th>
            <th scope="col" title="Change of the median round trip">
              Median
            </th>
            <th scope="col" title="Change of the mean rate of a served cell">
              Rate
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <tr key={row.id}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  title={`Show ${row.name}`}
                  onClick={() => pickTerritory(row.id)}
                >
                  {row.name}
                </button>
              </th>
              <td class="mono">
                {people(
                  row.peopleLosingByEdge + row.peopleLosingByCapacity + row.peopleLosingByGateways,
                )}
              </td>
              <td class="mono">
                {row.latencyChangeMs === null
                  ? '–'
                  : signed(row.latencyChangeMs, size => size.toFixed(1))}
              </td>
              <td class="mono">{signed(row.shareChangeMbps, size => size.toFixed(0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small">Losing: people. Median in ms, rate in Mb/s of a served cell.</p>
    </section>
  );
}

function Charts({ rows }: { rows: ImpactRows }) {
  const { series } = rows;
  const columns = useMemo(
    () => ({
      timeMs: series.map(({ at }) => Date.parse(at)),
      p50Before: series.map(({ latencyP50MsBefore }) => latencyP50MsBefore),
      p50After: series.map(({ latencyP50MsAfter }) => latencyP50MsAfter),
      peopleBefore: series.map(({ servedPeopleBefore }) => servedPeopleBefore / 1e6),
      peopleAfter: series.map(({ servedPeopleAfter }) => servedPeopleAfter / 1e6),
    }),
    [series],
  );
  return (
    <section>
      <SeriesChart
        title="Median round trip"
        unit="ms"
        timeMs={columns.timeMs}
        before={columns.p50Before}
        after={columns.p50After}
      />
      <SeriesChart
        title="People served"
        unit="millions"
        timeMs={columns.timeMs}
        before={columns.peopleBefore}
        after={columns.peopleAfter}
      />
    </section>
  );
}

/** The way of one user's traffic, as it was and as it is, hop by hop. */
function PathOf(props: {
  before: ServicePath | null;
  after: ServicePath | null;
  isChanged: boolean;
}) {
  const path = props.after;
  if (path === null) return null;
  const [start] = path.nodes;
  const before = props.before;
  return (
    <section>
      <h2>Path of a user in {start.name}</h2>
      {path.rttMs === null ? (
        <p>
          {path.state === 'withheld'
            ? 'Off: no path. '
            : `No service (${path.state.replace(/-/g, ' ')}). `}
          {before && before.rttMs !== null && (
            <span class="muted">
              Before: {ms(before.rttMs)} by {before.nodes.at(-1)?.name}.
            </span>
          )}
        </p>
      ) : (
        <>
          <p>
            <span class="mono">{ms(path.rttMs)}</span>
            {props.isChanged && before && before.rttMs !== null && (
              <span class="muted"> before {ms(before.rttMs)}</span>
            )}
          </p>
          <ol class="hops">
            {path.nodes.map((node, i) => (
              <li key={`${node.name} ${node.kind}`}>
                <span>
                  {node.kind === 'user'
                    ? `Terminal in ${node.name}`
                    : node.kind === 'pop'
                      ? `Point of presence ${node.name}`
                      : node.kind === 'gateway'
                        ? `Gateway ${node.name}`
                        : node.name}
                </span>
                {i > 0 && (
                  <span class="mono muted">
                    {whole(node.km)} km, {node.ms.toFixed(1)} ms
                  </span>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** Where the numbers come from. */
function Provenance() {
  const file = world.value;
  if (file === null) return null;
  const { satellites } = file;
  return (
    <p class="muted small provenance">
      {whole(satellites.count)} satellites: {satellites.sources.join(', ')}
      {satellites.epoch ? `, ${satellites.epoch.slice(0, 10)}` : ''}. Borders de facto, Natural
      Earth. Computed in this page by the project's own core.
    </p>
  );
}

function change(before: number | null, after: number | null): string {
  if (before === null || after === null) return '–';
  return signed(after - before, size => size.toFixed(1));
}
