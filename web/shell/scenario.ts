/** The scenario in the link: what is changed, how a change is made and taken back. */
import { computed } from '@preact/signals';
import type { Scenario } from '../workers/messages.ts';
import { people } from './figures.ts';
import { firstNumbers, newestSlot, placeOf } from './simulation.ts';
import { announce, pageUrl, setUrl } from './state.ts';
import { formatUrl, formatUtc, type PageUrl } from './url.ts';

export const scenario = computed<Scenario>(() => {
  const { off, edge, gateways, hasLasers, out, seed } = pageUrl.value;
  return { off, edge, gateways, hasLasers, out, seed };
});
/** Equal scenarios have equal keys, so that a moving clock makes no new one. */
export const scenarioKey = computed(() => JSON.stringify(scenario.value));

/** One thing that is different, and how to take it back. */
export interface Change {
  readonly key: string;
  readonly text: string;
  undo(): void;
}

export const changes = computed<readonly Change[]>(() => {
  const url = pageUrl.value;
  const drop = (items: readonly string[], item: string): string[] =>
    items.filter(other => other !== item);
  return [
    ...url.off.map(id => ({
      key: `off ${id}`,
      text: `Service off: ${nameOf(id)}`,
      undo: () => change({ off: drop(pageUrl.value.off, id) }, `${nameOf(id)} on again.`),
    })),
    ...url.gateways.map(id => ({
      key: `gateways ${id}`,
      text: `Gateways in ${nameOf(id)} off`,
      undo: () =>
        change(
          { gateways: drop(pageUrl.value.gateways, id) },
          `Gateways in ${nameOf(id)} on again.`,
        ),
    })),
    ...(url.hasLasers
      ? []
      : [
          {
            key: 'lasers',
            text: 'Laser links off',
            undo: () => change({ hasLasers: true }, 'Laser links on again.'),
          },
        ]),
    ...url.out.map(item => ({
      key: item,
      text: `${outName(item)} gone`,
      undo: () => change({ out: drop(pageUrl.value.out, item) }, `${outName(item)} back.`),
    })),
  ];
});

export function nameOf(id: string): string {
  return placeOf(id)?.name ?? id;
}

function outName(item: string): string {
  const [kind, id] = item.split(':');
  return kind === 'fleet' ? `All ${id} satellites` : `Satellite ${id}`;
}

function change(patch: Partial<PageUrl>, sentence: string): void {
  setUrl({ ...patch, run: null });
  announce(sentence);
}

/** One territory off, or on again. */
export function toggleTerritory(id: string, isOff = !pageUrl.value.off.includes(id)): void {
  const { off } = pageUrl.value;
  if (off.includes(id) === isOff) return;
  change(
    { off: isOff ? [...off, id] : off.filter(other => other !== id) },
    isOff ? `${nameOf(id)} off. Computing.` : `${nameOf(id)} on again.`,
  );
}

export function toggleGateways(id: string, isOff: boolean): void {
  const { gateways } = pageUrl.value;
  if (gateways.includes(id) === isOff) return;
  change(
    { gateways: isOff ? [...gateways, id] : gateways.filter(other => other !== id) },
    `Gateways in ${nameOf(id)} ${isOff ? 'off. Computing' : 'on again'}.`,
  );
}

export function toggleLasers(isOff: boolean): void {
  change({ hasLasers: !isOff }, `Laser links ${isOff ? 'off. Computing' : 'on again'}.`);
}

export function toggleOut(item: string, isOut: boolean): void {
  const { out } = pageUrl.value;
  if (out.includes(item) === isOut) return;
  change(
    { out: isOut ? [...out, item] : out.filter(other => other !== item) },
    `${outName(item)} ${isOut ? 'gone. Computing' : 'back'}.`,
  );
}

export function clearScenario(): void {
  change({ off: [], gateways: [], hasLasers: true, out: [] }, 'Baseline.');
}

/** Tells the result in one sentence. */
export function announceResult(): void {
  const slot = newestSlot.value;
  if (slot === null || changes.value.length === 0) return;
  const cells = slot.totalsBefore.servedCells - slot.totalsAfter.servedCells;
  const gateways = slot.totalsBefore.gateways - slot.totalsAfter.gateways;
  const { p50Ms: before } = slot.totalsBefore;
  const { p50Ms: after } = slot.totalsAfter;
  const change = before === null || after === null ? null : after - before;
  const first = firstNumbers.value;
  announce(
    `${changes.value.map(({ text }) => text).join(', ')}: ${cells} cells` +
      `${first ? `, ${people(first.peopleOff)} people` : ''}, ${gateways} gateways fewer, median ` +
      `${change === null ? 'not known' : `${change < 0 ? 'minus' : 'plus'} ${Math.abs(change).toFixed(1)} ms`}.`,
  );
}

/** A link that shows the receiver the same: the instant is frozen, and the result is named. */
export function shareLink(nowMs: number): string {
  const slot = newestSlot.value;
  return `${location.origin}${formatUrl({
    ...pageUrl.value,
    t: Math.round(nowMs / 1000) * 1000,
    speed: 0,
    run: slot?.inputHash ?? null,
  })}`;
}

/** What an order drafted from this scenario starts with. */
export function draftOf(nowMs: number): Record<string, string> {
  const { off, edge, gateways, hasLasers, out } = pageUrl.value;
  return {
    draft: JSON.stringify({
      off,
      edge,
      gateways,
      hasLasers,
      out,
      at: formatUtc(Math.round(nowMs / 1000) * 1000),
      run: newestSlot.value?.inputHash ?? null,
    }),
  };
}
