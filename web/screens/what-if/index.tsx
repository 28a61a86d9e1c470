import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CELL_STATES } from '../../../src/service/index.ts';
import { MapView } from '../../renderer/MapView.tsx';
import {
  camera,
  EMPTY_SCENE,
  mapScene,
  type Picked,
  resetView,
  setMapKind,
  shownShapes,
  wantedResolution,
  zoomBy,
} from '../../renderer/mapEngine.ts';
import { ClockBar } from '../../shell/ClockBar.tsx';
import { slotOf } from '../../shell/clock.ts';
import { loadClockEvents } from '../../shell/clockEvents.ts';
import { provideMapKeys } from '../../shell/keys.ts';
import { announceResult, changes, nameOf, scenario, scenarioKey } from '../../shell/scenario.ts';
import {
  askImpact,
  askLinks,
  askMembership,
  evaluate,
  forgetImpact,
  impact,
  isImpactRunning,
  memberships,
  newestSlot,
  recolour,
  restarts,
  slots,
  startSimulation,
  world,
} from '../../shell/simulation.ts';
import { clockMs, pageUrl, setUrl } from '../../shell/state.ts';
import type { ServicePath } from '../../workers/messages.ts';
import { isBaselineShown } from './baseline.ts';
import { Consequences } from './Consequences.tsx';
import { Legend } from './Legend.tsx';
import { layers } from './layers.ts';
import { ScenarioPanel } from './ScenarioPanel.tsx';
import './what-if.css';

/** How far ahead consequences are followed. */
const AHEAD_S = 900;

/** Which panel a narrow page shows below the map. */
const tab = signal<'scenario' | 'consequences'>('scenario');

const slotMs = computed(() => (world.value && clockMs.value > 0 ? slotOf(clockMs.value) : 0));
const resolution = computed(() => (camera.value.distance < 2.2 ? 4 : 3));
const chosenTerritory = computed(() => {
  const item = pageUrl.value.sel.find(one => one.startsWith('terr:'));
  return item === undefined ? null : item.slice(5);
});
/** Whose traffic is followed. */
const user = computed(() => {
  const id = chosenTerritory.value ?? pageUrl.value.off[0] ?? null;
  return id === null ? null : (memberships.value.get(id)?.user ?? null);
});

/** What the screen does by itself; the result stops it. */
function run(): () => void {
  void startSimulation();
  void loadClockEvents();
  const stops = [
    effect(() => {
      for (const id of [chosenTerritory.value, ...pageUrl.value.off]) if (id) askMembership(id);
    }),
    // A slot whenever the clock, the scenario, the scale or the user in question changes.
    effect(() => {
      void restarts.value;
      if (slotMs.value === 0) return;
      evaluate({
        slotMs: slotMs.value,
        resolution: resolution.value,
        scenario: JSON.parse(scenarioKey.value) as typeof scenario.value,
        colour: pageUrl.peek().color,
        user: user.value,
      });
      wantedResolution();
    }),
    effect(() => {
      recolour(pageUrl.value.color);
    }),
    effect(() => {
      void restarts.value;
      void scenarioKey.value;
      if (changes.value.length === 0) forgetImpact();
      else if (slotMs.peek() > 0) askImpact(scenario.peek(), slotMs.peek(), AHEAD_S);
    }),
    // Once the clock has left the time looked at, it is looked at anew.
    effect(() => {
      const now = slotMs.value;
      const known = impact.peek();
      if (now === 0 || changes.peek().length === 0) return;
      if (known === null && !isImpactRunning.peek()) askImpact(scenario.peek(), now, AHEAD_S);
      if (known === null || isImpactRunning.peek()) return;
      if (now < known.startMs || now >= known.startMs + AHEAD_S * 1000) {
        askImpact(scenario.peek(), now, AHEAD_S);
      }
    }),
    effect(() => {
      if (layers.value.links && slotMs.value > 0) askLinks(slotMs.value);
    }),
    effect(() => {
      if (!isImpactRunning.value && impact.value) announceResult();
    }),
    effect(() => {
      const url = pageUrl.value;
      const slot = newestSlot.value;
      const shown = layers.value;
      const isFlat = camera.value.morph > 0.5;
      const paths = shown.path && slot ? pathsOf(slot.pathBefore, slot.pathAfter) : [];
      mapScene.value = {
        ...EMPTY_SCENE,
        colour: url.color,
        isBaseline: isBaselineShown.value,
        // On the flat map satellites hide what they serve: off unless asked for.
        showsSatellites: shown.satellites ?? !isFlat,
        showsGateways: shown.gateways,
        showsNames: shown.names,
        showsLinks: shown.links,
        showsFootprints: shown.footprints,
        offIds: url.off,
        chosenIds: url.sel.filter(one => one.startsWith('terr:')).map(one => one.slice(5)),
        deniedCountries: url.gateways,
        chosenSatellites: url.sel
          .filter(one => one.startsWith('sat:'))
          .map(one => Number(one.slice(4))),
        out: url.out,
        paths,
      };
    }),
  ];
  const forgetKeys = provideMapKeys({
    globeOrFlat: () => setMapKind(camera.value.morph > 0.5 ? 'globe' : 'flat'),
    zoom: zoomBy,
    reset: resetView,
    baseline: isShown => {
      isBaselineShown.value = isShown;
    },
  });
  return () => {
    forgetKeys();
    for (const stop of stops) stop();
  };
}

/** The old way dashed where there is a new one, which is solid. */
function pathsOf(before: ServicePath | null, after: ServicePath | null) {
  const changed = changes.value.length > 0;
  const isSame =
    before !== null &&
    after !== null &&
    before.nodes.map(({ name }) => name).join() === after.nodes.map(({ name }) => name).join();
  const paths: { nodes: ServicePath['nodes']; colour: 'text' | 'accent'; dashPx: number }[] = [];
  if (changed && before && before.nodes.length > 1 && !isSame) {
    paths.push({ nodes: before.nodes, colour: 'text', dashPx: 5 });
  }
  if (after && after.nodes.length > 1)
    paths.push({ nodes: after.nodes, colour: 'accent', dashPx: 0 });
  return paths;
}

/** Selects what was picked; with Shift beside what is selected already. */
function choose(picked: Picked | null, { shiftKey }: { shiftKey: boolean }): void {
  const file = world.value;
  const item =
    picked === null
      ? null
      : picked.kind === 'satellite'
        ? `sat:${picked.catalogId}`
        : picked.kind === 'gateway' && file
          ? `gw:${file.gateways[picked.index].name.replace(/,/g, '')}`
          : picked.kind === 'ground' && picked.territoryId
            ? `terr:${picked.territoryId}`
            : null;
  const { sel } = pageUrl.value;
  if (item === null) {
    if (sel.length > 0 && !shiftKey) setUrl({ sel: [] });
  } else if (shiftKey) {
    setUrl({ sel: sel.includes(item) ? sel.filter(one => one !== item) : [...sel, item] });
  } else if (sel.length !== 1 || sel[0] !== item) {
    setUrl({ sel: [item] });
  }
}

/** What the pointer is over, in a few words. */
function describe(picked: Picked): string | null {
  if (picked.kind === 'satellite') return `${picked.name} · ${picked.catalogId}`;
  if (picked.kind === 'gateway') return `Gateway ${picked.name}`;
  const slot = slots.value.get(shownShapes()?.resolution ?? 3);
  const parts = [picked.name ?? 'Open sea'];
  if (slot && picked.cell >= 0) {
    const cells = isBaselineShown.value ? slot.before : slot.after;
    const state = CELL_STATES[cells.state[picked.cell]];
    if (state === 'served') {
      parts.push(`${cells.latencyMs[picked.cell].toFixed(0)} ms`);
      parts.push(`load ${Math.round(cells.utilisation[picked.cell] * 100)} %`);
    } else parts.push(state === 'withheld' ? 'off' : state.replace(/-/g, ' '));
  }
  return parts.join(' · ');
}

export default function WhatIf() {
  useEffect(run, []);
  const slot = newestSlot.value;
  const off = changes.value.map(({ text }) => text);
  const summary = `${off.length === 0 ? 'Baseline' : off.join(', ')}. ${
    slot ? `${slot.totalsAfter.servedCells} cells served.` : 'Service is being computed.'
  }${chosenTerritory.value ? ` ${nameOf(chosenTerritory.value)} selected.` : ''}`;
  return (
    <div class={`workbench tab-${tab.value}`}>
      <h1 class="visually-hidden">What if</h1>
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
            {name === 'scenario' ? 'Scenario' : 'Consequences'}
          </button>
        ))}
      </div>
      <ScenarioPanel />
      <MapView summary={summary} onPick={choose} describe={describe}>
        <Legend />
      </MapView>
      <ClockBar />
      <Consequences />
    </div>
  );
}
