import { computed, effect, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { saveFile } from '../../kit/saveFile.ts';
import { flyTo } from '../../renderer/flight.ts';
import { MapView } from '../../renderer/MapView.tsx';
import {
  camera,
  EMPTY_SCENE,
  type MapPath,
  mapScene,
  type Picked,
  resetView,
  setMapKind,
  zoomBy,
} from '../../renderer/mapEngine.ts';
import { ClockBar } from '../../shell/ClockBar.tsx';
import { slotOf } from '../../shell/clock.ts';
import { ms, utc, whole } from '../../shell/figures.ts';
import { provideMapKeys } from '../../shell/keys.ts';
import { Segment } from '../../shell/Segment.tsx';
import {
  askRoute,
  restarts,
  routePart,
  startSimulation,
  topologyOfSlot,
  world,
} from '../../shell/simulation.ts';
import { announce, clockMs, pageUrl, setUrl } from '../../shell/state.ts';
import { formatUtc, type PlaceDeg } from '../../shell/url.ts';
import type { RouteSide, RouteSpan } from '../../workers/messages.ts';
import { SeriesChart } from '../what-if/SeriesChart.tsx';
import '../what-if/what-if.css';
import { Distribution } from './Distribution.tsx';
import { namedPlaces, nameOfPlace, placeOfText } from './ends.ts';
import {
  ALGORITHMS,
  DEFAULT_A,
  DEFAULT_B,
  policyOfText,
  textOfPolicy,
  wordsOfPolicy,
} from './policies.ts';
import './routing.css';

const WINDOW_S = 600;
const STEP_S = 10;
/** A worked pair, so that the first visit is never an empty form. */
const FIRST_FROM: PlaceDeg = { latDeg: 51.51, lonDeg: -0.13 };
const FIRST_TO: PlaceDeg = { latDeg: 40.71, lonDeg: -74.01 };

/** Which end the next click on the map sets. */
const nextEnd = signal<'from' | 'to'>('from');
const tab = signal<'scenario' | 'consequences'>('scenario');
const fault = signal('');

const ends = computed(() => ({
  from: pageUrl.value.from ?? FIRST_FROM,
  to: pageUrl.value.to ?? FIRST_TO,
}));
const policies = computed(() => ({
  a: policyOfText(pageUrl.value.a ?? DEFAULT_A),
  b: policyOfText(pageUrl.value.b ?? DEFAULT_B),
}));
const orderKey = computed(() =>
  world.value === null ? '' : JSON.stringify([ends.value, policies.value]),
);

function run(): () => void {
  void startSimulation();
  let startMs = 0;
  const ask = (): void => {
    const { from, to } = ends.peek();
    startMs = slotOf(clockMs.peek());
    askRoute({
      from: { ...from, name: nameOfPlace(from) },
      to: { ...to, name: nameOfPlace(to) },
      ...policies.peek(),
      startMs,
      forS: WINDOW_S,
      stepS: STEP_S,
    });
  };
  const stops = [
    effect(() => {
      void restarts.value;
      const isReady = orderKey.value !== '' && clockMs.value > 0;
      const now = clockMs.value;
      const key = `${orderKey.value} ${restarts.value}`;
      const isOutside = now < startMs || now >= startMs + WINDOW_S * 1000;
      if (!isReady || (key === askedKey && !isOutside)) return;
      askedKey = key;
      ask();
    }),
    effect(() => {
      const now = clockMs.value;
      const part = routePart.value;
      mapScene.value = {
        ...EMPTY_SCENE,
        showsCells: false,
        showsSatellites: camera.value.morph < 0.5,
        showsNames: true,
        colour: 'state',
        paths: part ? pathsAt(part.a, part.b, (now - part.startMs) / 1000) : [],
      };
    }),
  ];
  const forgetKeys = provideMapKeys({
    globeOrFlat: () => setMapKind(camera.value.morph > 0.5 ? 'globe' : 'flat'),
    zoom: zoomBy,
    reset: resetView,
    baseline: () => {},
  });
  const { from, to } = ends.peek();
  const middle = middleOf(from, to);
  flyTo(middle.latDeg, middle.lonDeg, middle.distance);
  return () => {
    forgetKeys();
    askedKey = '';
    for (const stop of stops) stop();
  };
}
let askedKey = '';

/** The middle of the great circle, and how far off both ends are in view. */
function middleOf(a: PlaceDeg, b: PlaceDeg): PlaceDeg & { distance: number } {
  const unit = ({ latDeg, lonDeg }: PlaceDeg): number[] => {
    const lat = (latDeg * Math.PI) / 180;
    const lon = (lonDeg * Math.PI) / 180;
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  };
  const [p, q] = [unit(a), unit(b)];
  const [x, y, z] = p.map((value, i) => value + q[i]);
  const angle = Math.acos(Math.max(-1, Math.min(1, p[0] * q[0] + p[1] * q[1] + p[2] * q[2])));
  return {
    latDeg: (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI,
    lonDeg: (Math.atan2(y, x) * 180) / Math.PI,
    distance: Math.max(1.6, Math.min(3.4, 1.3 + angle * 1.25)),
  };
}

function spanAt(side: RouteSide, atS: number): RouteSpan | null {
  return side.spans.findLast(span => span.atS <= atS + 0.001) ?? side.spans[0] ?? null;
}

/** B below, dashed; A above, solid: told apart without their colours too. */
function pathsAt(a: RouteSide, b: RouteSide, atS: number): MapPath[] {
  const paths: MapPath[] = [];
  const spanB = spanAt(b, atS);
  const spanA = spanAt(a, atS);
  if (spanB && spanB.nodes.length > 1)
    paths.push({ nodes: spanB.nodes, colour: 'warn', dashPx: 6 });
  if (spanA && spanA.nodes.length > 1)
    paths.push({ nodes: spanA.nodes, colour: 'accent', dashPx: 0 });
  return paths;
}

export default function Routing() {
  useEffect(run, []);
  const part = routePart.value;
  const atS = part ? (clockMs.value - part.startMs) / 1000 : 0;
  const { from, to } = ends.value;
  const marks = useMemo(
    () =>
      part
        ? (['a', 'b'] as const).flatMap(name =>
            part[name].spans.slice(1).map(span => ({
              atMs: part.startMs + span.atS * 1000,
              label: `Route ${name.toUpperCase()} changes: ${span.reason ?? ''}, ${utc(part.startMs + span.atS * 1000)}`,
            })),
          )
        : [],
    [part],
  );
  const choose = (picked: Picked | null): void => {
    if (picked?.kind !== 'ground') return;
    const place = {
      latDeg: Number(picked.latDeg.toFixed(2)),
      lonDeg: Number(picked.lonDeg.toFixed(2)),
    };
    setUrl(nextEnd.value === 'from' ? { from: place } : { to: place });
    announce(`${nextEnd.value === 'from' ? 'From' : 'To'} ${nameOfPlace(place)}`);
    nextEnd.value = nextEnd.value === 'from' ? 'to' : 'from';
  };
  const summary = `Routes from ${nameOfPlace(from)} to ${nameOfPlace(to)}.`;
  return (
    <div class={`workbench tab-${tab.value}`}>
      <h1 class="visually-hidden">Routing</h1>
      <div class="tabs" role="tablist" aria-label="Panels">
        {(['scenario', 'consequences'] as const).map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab.value === name}
            aria-controls={`panel-${name}`}
            onClick={() => {
              tab.value = name;
            }}
          >
            {name === 'scenario' ? 'Ends and policies' : 'Routes'}
          </button>
        ))}
      </div>
      <aside class="panel panel-left" id="panel-scenario" aria-label="Ends and policies">
        <section>
          <h2>Route</h2>
          <h2 class="title">
            {nameOfPlace(from)} – {nameOfPlace(to)}
          </h2>
          <EndInput label="From" end="from" place={from} />
          <EndInput label="To" end="to" place={to} />
          <datalist id="route-places">
            {namedPlaces().map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          {fault.value !== '' && (
            <p class="fault" role="alert">
              {fault.value}
            </p>
          )}
          <p class="muted small">
            A click on the map sets {nextEnd.value === 'from' ? 'From' : 'To'}.{' '}
            <button
              type="button"
              class="link"
              onClick={() => {
                setUrl({ from: to, to: from });
              }}
            >
              Swap
            </button>
          </p>
        </section>
        <PolicyChoice name="a" />
        <PolicyChoice name="b" />
        <section>
          <h2>Files</h2>
          <p class="actions">
            <button type="button" onClick={() => void exportTopology()}>
              Topology at this slot
            </button>
            <button type="button" disabled={part === null} onClick={() => exportRoutes('csv')}>
              Export CSV
            </button>
            <button type="button" disabled={part === null} onClick={() => exportRoutes('json')}>
              JSON
            </button>
            <button type="button" onClick={exportScenario}>
              Scenario
            </button>
          </p>
        </section>
      </aside>
      <MapView summary={summary} onPick={choose} describe={describe}>
        <aside class="legend route-legend" aria-label="Legend" data-covers>
          <p>
            <span class="line-a" /> A {wordsOfPolicy(policies.value.a)}
          </p>
          <p>
            <span class="line-b" /> B {wordsOfPolicy(policies.value.b)}
          </p>
        </aside>
      </MapView>
      <ClockBar marks={marks} />
      <aside class="panel panel-right" id="panel-consequences" aria-label="Routes">
        {part === null ? (
          <section>
            <h2>Round trip, next 10 min</h2>
            <p class="muted">
              Routing over {whole(world.value?.satellites.count ?? 0)} satellites …
            </p>
          </section>
        ) : (
          <>
            <Summary />
            <Charts />
            <Hops name="A" span={spanAt(part.a, atS)} side={part.a} atS={atS} />
            <Hops name="B" span={spanAt(part.b, atS)} side={part.b} atS={atS} />
          </>
        )}
      </aside>
    </div>
  );
}

function describe(picked: Picked): string | null {
  if (picked.kind === 'satellite') return picked.name;
  if (picked.kind === 'gateway') return `Gateway ${picked.name}`;
  return `${picked.name ?? 'Open sea'} · ${picked.latDeg.toFixed(2)}, ${picked.lonDeg.toFixed(2)}`;
}

function EndInput(props: { label: string; end: 'from' | 'to'; place: PlaceDeg }) {
  const { label, end, place } = props;
  return (
    <label class="stacked">
      <span>{label}</span>
      <input
        list="route-places"
        spellcheck={false}
        autocomplete="off"
        value={nameOfPlace(place)}
        title="A city, a gateway, or latitude, longitude"
        onFocus={event => {
          nextEnd.value = end;
          event.currentTarget.select();
        }}
        onChange={event => {
          const found = placeOfText(event.currentTarget.value);
          fault.value =
            found === null
              ? `"${event.currentTarget.value}" is no place known here; give a city with a point of presence, a gateway, or latitude, longitude`
              : '';
          if (found !== null) setUrl({ [end]: found });
        }}
      />
    </label>
  );
}

function PolicyChoice({ name }: { name: 'a' | 'b' }) {
  const policy = policies.value[name];
  return (
    <section class="card">
      <h2>
        <span class={`line-${name}`} /> Policy {name.toUpperCase()}
      </h2>
      <label class="stacked">
        <span>Algorithm</span>
        <select
          value={policy.algorithm}
          onChange={event =>
            setUrl({ [name]: textOfPolicy({ ...policy, algorithm: event.currentTarget.value }) })
          }
        >
          {ALGORITHMS.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <div class="row">
        <span>Laser links</span>
        <Segment
          label={`Laser links of ${name.toUpperCase()}`}
          isOff={!policy.hasLasers}
          onChange={isOff => setUrl({ [name]: textOfPolicy({ ...policy, hasLasers: !isOff }) })}
        />
      </div>
    </section>
  );
}

function Summary() {
  const part = routePart.value;
  if (part === null) return null;
  const rows = (['a', 'b'] as const).map(name => {
    const known = part[name].rttMs.filter(value => value !== null).sort((x, y) => x - y);
    const pick = (share: number): number | null =>
      known.length === 0
        ? null
        : known[Math.min(known.length - 1, Math.floor(share * known.length))];
    return {
      name: name.toUpperCase(),
      median: pick(0.5),
      worst: pick(1),
      changes: Math.max(0, part[name].spans.length - 1),
      reachable: part.stepsDone === 0 ? 0 : known.length / part.stepsDone,
    };
  });
  return (
    <section>
      <h2>
        Round trip, next 10 min{' '}
        {part.stepsDone < part.stepCount && (
          <span class="badge">
            {part.stepsDone} of {part.stepCount}
          </span>
        )}
      </h2>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col">Median</th>
            <th scope="col">Worst</th>
            <th scope="col">Changes</th>
            <th scope="col">Reachable</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td class="mono">{ms(row.median)}</td>
              <td class="mono">{ms(row.worst)}</td>
              <td class="mono">{row.changes}</td>
              <td class="mono">{Math.round(row.reachable * 100)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small">
        Propagation both ways. {whole(part.greatCircleKm)} km apart; ideal fibre along the great
        circle {ms(part.fibreRttMs)}.
      </p>
    </section>
  );
}

function Charts() {
  const part = routePart.value;
  const columns = useMemo(() => {
    if (part === null) return null;
    const { a, b, startMs, stepS } = part;
    return {
      timeMs: a.rttMs.map((_, i) => startMs + i * stepS * 1000),
      a: a.rttMs,
      b: b.rttMs,
    };
  }, [part]);
  if (columns === null) return null;
  return (
    <section>
      <SeriesChart
        title="Round trip"
        unit="ms"
        timeMs={columns.timeMs}
        before={columns.b}
        after={columns.a}
        names={['B', 'A']}
        beforeColour="--warn"
        height={130}
      />
      <Distribution a={columns.a} b={columns.b} />
    </section>
  );
}

function Hops(props: { name: 'A' | 'B'; span: RouteSpan | null; side: RouteSide; atS: number }) {
  const { name, span, side, atS } = props;
  if (span === null) return null;
  const isLast = side.spans.at(-1) === span;
  const leftS = Math.max(0, span.atS + span.forS - atS);
  return (
    <section>
      <h2>
        Hops of {name} <span class="mono muted">{ms(span.rttMs)}</span>
      </h2>
      {span.hops.length === 0 ? (
        <p>No route: {span.reason ?? 'no satellite in sight of both, and no way between'}.</p>
      ) : (
        <table class="figures hop-table">
          <thead>
            <tr>
              <th scope="col">To</th>
              <th scope="col">Kind</th>
              <th scope="col">km</th>
              <th scope="col">ms</th>
            </tr>
          </thead>
          <tbody>
            {span.hops.map(hop => (
              <tr key={`${hop.from} ${hop.to}`}>
                <th scope="row">{hop.to}</th>
                <td>{hop.kind}</td>
                <td class="mono">{whole(hop.km)}</td>
                <td class="mono">{hop.ms.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="muted small">
        {span.reason === null
          ? 'The route at the start.'
          : `Taken ${Math.max(0, Math.round(atS - span.atS))} s ago: ${span.reason}.`}{' '}
        {isLast ? 'No change known after it.' : `Next change in ${Math.round(leftS)} s.`}
      </p>
    </section>
  );
}

async function exportTopology(): Promise<void> {
  const slotMs = slotOf(clockMs.value);
  const csv = await topologyOfSlot(slotMs);
  saveFile(`laser-links-${formatUtc(slotMs).replace(/:/g, '')}.csv`, 'text/csv', csv);
  announce('Topology saved.');
}

function exportRoutes(as: 'csv' | 'json'): void {
  const part = routePart.value;
  if (part === null) return;
  if (as === 'json') {
    saveFile('routes.json', 'application/json', JSON.stringify(part, null, 2));
    return;
  }
  const rows = ['utc,rtt_ms_a,rtt_ms_b'];
  part.a.rttMs.forEach((a, i) => {
    rows.push(
      `${formatUtc(part.startMs + i * part.stepS * 1000)},${a?.toFixed(3) ?? ''},${part.b.rttMs[i]?.toFixed(3) ?? ''}`,
    );
  });
  saveFile('routes.csv', 'text/csv', `${rows.join('\n')}\n`);
}

/** What another program needs to compute the same. */
function exportScenario(): void {
  const file = world.value;
  const part = routePart.value;
  saveFile(
    'route-scenario.json',
    'application/json',
    JSON.stringify(
      {
        from: ends.value.from,
        to: ends.value.to,
        policies: policies.value,
        start: formatUtc(part?.startMs ?? slotOf(clockMs.value)),
        forSeconds: WINDOW_S,
        stepSeconds: STEP_S,
        satellites: file?.satellites,
        world: file?.revision,
      },
      null,
      2,
    ),
  );
}
