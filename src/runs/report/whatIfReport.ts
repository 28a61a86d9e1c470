import { formatInstant } from '../../orbits/index.ts';
import { CELL_STATES } from '../../service/index.ts';
import {
  decimal,
  durationInWords,
  percentOf,
  plural,
  signed,
  signedDecimal,
  whole,
} from '../numbers.ts';
import type { Place } from '../places.ts';
import { limitInWords, type WhatIfResult } from '../whatIfRun.ts';
import { escapeHtml, htmlTable } from './html.ts';
import { manifestSection } from './manifestSection.ts';
import {
  clustersOf,
  cornersOf,
  domainOf,
  drawnCells,
  isInPicture,
  kmBetween,
  kmFromCentre,
  landOf,
  outlineOf,
  pointAt,
  type Region,
  regionAround,
  scaleBarOf,
} from './regionMap.ts';
import type {
  ReportCell,
  ReportChart,
  ReportData,
  ReportGateway,
  ReportLabel,
} from './reportData.ts';
import { type LegendEntry, reportPage } from './reportPage.ts';

const WITHHELD = CELL_STATES.indexOf('withheld');
/** A cell counts as losing when it is without service for this share of the time more than before. */
const LOSING_SHARE = 0.05;
const MOST_SERIES_POINTS = 720;
const MOST_NEIGHBOURS = 12;
const MOST_GATEWAY_LABELS = 10;

type CellClass = 'served' | 'none' | 'withheld' | 'edge' | 'lost' | 'kept' | 'gained';

const LEGEND: Readonly<Record<CellClass, { text: string; isPatterned: boolean }>> = {
  served: { text: 'has service (stronger colour: more people)', isPatterned: false },
  kept: { text: 'inside, keeps service', isPatterned: false },
  withheld: { text: 'switched off', isPatterned: true },
  edge: { text: 'switched off with it, but most people there live outside', isPatterned: true },
  lost: { text: 'loses service part of the time or all of it', isPatterned: true },
  gained: { text: 'outside, gains service', isPatterned: true },
  none: { text: 'has no service anyway', isPatterned: true },
};

/** The what-if as one HTML file for a reader who knows nothing of the program. */
export async function whatIfReport(result: WhatIfResult): Promise<string> {
  const { impact, manifest } = result;
  const { inside, outside } = impact;
  const name = placeNames(result);
  const duration = durationInWords(manifest.forS);
  const { region, cellsBeyond, peopleBeyond } = pictureOf(result);
  const drawn = drawnCells(region, impact.cells, manifest.resolution);
  const cells = drawn.cells.map(cell => reportCell(result, cell.id, cell.members));
  const used = new Set(cells.flatMap(cell => cell.classes as CellClass[]));
  const losingOutside =
    outside.peopleLosingByEdge + outside.peopleLosingByCapacity + outside.peopleLosingByGateways;
  const isOff =
    result.off.length === result.places.length &&
    result.denied.length === 0 &&
    !result.request.denyLasers;
  const labels = labelsOf(result, region, name);
  const data: ReportData = {
    map: {
      rotate: [-region.centre[0], -region.centre[1]],
      domain: domainOf(region),
      ...scaleBarOf(region),
      land: landOf(region),
      outline: result.places.flatMap(place => outlineOf(place, insideIds(result), region)),
      labels: [...labels, ...gatewaysBeyond(result, region)],
      gateways: gatewaysOf(result, region, labels),
      cells,
      panels: [
        {
          id: 'map-before',
          title: 'Before: nothing withheld',
          description: `Map of ${name} and its surroundings before: ${whole(impact.before.servedPeople)} of ${whole(impact.before.people)} people have service.`,
        },
        {
          id: 'map-after',
          title: `After: ${changeInWords(result)}`,
          description: `The same map after: ${whole(impact.after.servedPeople)} people have service, ${whole(inside.peopleLosing)} inside and ${whole(losingOutside)} outside have lost it.`,
        },
      ],
    },
    charts: [timeChart(result, duration), ...neighbourChart(result)],
  };
  const legend: LegendEntry[] = (Object.keys(LEGEND) as CellClass[])
    .filter(key => used.has(key))
    .map(key => ({ key, ...LEGEND[key] }));
  legend.push({ key: 'outline', text: `border of ${name}`, isPatterned: false });
  if (data.map.gateways.length > 0 || data.map.labels.some(label => label.text.startsWith('▲'))) {
    const hollow = data.map.gateways.some(gateway => gateway.isLost);
    legend.push({
      key: 'gateway',
      text: `gateway: ground station of the operator${hollow ? ' (hollow: lost)' : ''}`,
      isPatterned: false,
    });
  }
  const merged =
    drawn.resolution < manifest.resolution
      ? ` For the picture, cells are merged into hexagons of resolution ${drawn.resolution}; the numbers are of the finer ones.`
      : '';
  const beyond =
    cellsBeyond > 0
      ? ` Distant parts (${plural(cellsBeyond, 'cell')}, ${whole(peopleBeyond)} people) are in the numbers, not in the picture.`
      : '';
  return reportPage({
    title: `${isOff ? 'Service withheld' : 'Service changed'}: ${name}${whom(result, ', ')}, ${manifest.at.slice(0, 10)}`,
    headline: headline(result, duration, losingOutside),
    lead: lead(result),
    figures: [
      {
        value: whole(inside.peopleLosing),
        text: `people inside lose service (${percentOf(inside.peopleLosing, inside.servedPeopleBefore)} of those who had it)`,
      },
      { value: whole(losingOutside), text: 'people outside lose service with them' },
      {
        value: whole(inside.peopleKeeping),
        text: isOff
          ? 'people inside keep it, in cells that straddle the border'
          : 'people inside keep it',
      },
      {
        value: `${signedDecimal((impact.after.shareMbps - impact.before.shareMbps) / 1000)} Gbit/s`,
        text: isOff
          ? `change in what is delivered; ${decimal(impact.capacity.freedMbps / 1000)} are no longer used inside, ${decimal(impact.capacity.takenUpMbps / 1000)} more go to others`
          : 'change in what is delivered, inside and around',
      },
    ],
    legend,
    mapNote: `Each hexagon is a cell in which people live; satellites are assigned to cells, so a border is only as sharp as its cells are small. Only cells within ${whole(manifest.reachKm)} km of the territory are evaluated and drawn.${merged}${beyond}`,
    sections: [
      {
        heading: 'Minute by minute',
        html: `<div id="chart-time" class="chart"></div>\n<p class="note">People with service in ${escapeHtml(name)} and within ${whole(manifest.reachKm)} km of it, in each slot of ${impact.stepS} s. The dashed line is the baseline with nothing withheld.${dips(result)}</p>`,
      },
      { heading: 'In numbers', html: totalsTable(result) },
      { heading: 'Who loses service, and why', html: reasonsTable(result) },
      { heading: 'Neighbours', html: neighboursHtml(result) },
      { heading: 'Gateways', html: gatewaysHtml(result) },
      ...manifestSection(manifest, {
        question: result.rules.join('; '),
        view: result.ground.territories.view,
        edge: impact.edge,
        territories: result.ground.territories.source,
      }),
    ],
    footer: `Computed with Beamkeeper for ${manifest.at}, ${plural(impact.slotCount, 'slot')}; the same input gives the same numbers. Borders are drawn from Natural Earth and imply no opinion on the status of any territory.`,
    data,
  });
}

function headline(result: WhatIfResult, duration: string, losingOutside: number): string {
  const { inside } = result.impact;
  const { request } = result;
  const changes: string[] = [];
  if (result.off.length > 0) {
    changes.push(
      `satellite internet is withheld over ${namesOf(result.off)}${whom(result, ' from ')}`,
    );
  }
  result.restricted.forEach((place, i) => {
    const limits = request.restrict[i];
    const limit =
      limits.maxSpeedKmh === undefined
        ? `${limitInWords(limits)} a subscriber`
        : `terminals slower than ${limitInWords(limits)}`;
    changes.push(
      `satellite internet over ${namesOf([place])} is limited to ${limit}${whom(result, ' for ')}`,
    );
  });
  if (result.denied.length > 0) {
    changes.push(`no gateway in ${namesOf(result.denied)} may be used`);
  }
  if (request.denyLasers) changes.push('no satellite hands traffic to another one');
  const outsidePart =
    losingOutside >= 1
      ? `, and ${roughly(losingOutside)} outside lose it with them`
      : '; nobody outside loses it';
  return `If ${changes.join(' and ')} for ${duration.replace(/^1 /, 'one ')}, ${roughly(inside.peopleLosing)} people there lose coverage${outsidePart}.`;
}

/** Whose terminals the change is about; nothing when it is about all. */
function whom({ request }: WhatIfResult, before: string): string {
  const { terminals } = request;
  return terminals === undefined ? '' : `${before}${terminals.join(', ')} terminals`;
}

function lead(result: WhatIfResult): string {
  const { manifest, impact } = result;
  const { catalog } = manifest;
  return (
    `From ${formatInstant(result.loaded.slots[0]).replace('T', ' ').replace('Z', ' UTC')}, ` +
    `${plural(catalog.satellites, 'satellite')} (${catalog.sources.map(fileName).join(', ')}), ` +
    `${plural(manifest.gateways.operational, 'gateway')}, ${plural(impact.before.cells, 'cell')}. ` +
    'People counted are those who live where a satellite could serve them, not subscribers; ' +
    'licences are not modelled, only what satellites, gateways and the policy allow.'
  );
}

/** `23.9 million`, `1,234`. */
function roughly(people: number): string {
  if (people >= 1e6) return `${decimal(people / 1e6)} million`;
  if (people >= 1e5) return `${whole(Math.round(people / 1000) * 1000)}`;
  return whole(people);
}

function placeNames(result: WhatIfResult): string {
  return namesOf(result.places);
}

function namesOf(places: readonly Place[]): string {
  const names = places.map(place => fileName(place.name));
  return names.length > 1
    ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
    : names[0];
}

function fileName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

function changeInWords({ off, restricted, denied, request }: WhatIfResult): string {
  return [
    ...(off.length > 0 ? [`service withheld over ${namesOf(off)}`] : []),
    ...(restricted.length > 0 ? [`rates limited over ${namesOf(restricted)}`] : []),
    ...(denied.length > 0 ? [`gateways in ${namesOf(denied)} not used`] : []),
    ...(request.denyLasers ? ['laser links off'] : []),
  ].join(', ');
}

function insideIds(result: WhatIfResult): string[] {
  const { cells } = result.impact;
  return [...result.loaded.membership.cellIndex].map(cell => cells.h3[cell].toString(16));
}

/** A part beyond the sea is in the picture when so many of the people live there. */
const PICTURED_SHARE = 0.15;
const MAINLAND_GAP_KM = 600;

/** The picture shows the mainland and what hangs together with it; the rest is in the numbers only. */
function pictureOf(result: WhatIfResult): {
  readonly region: Region;
  readonly cellsBeyond: number;
  readonly peopleBeyond: number;
} {
  const { cells } = result.impact;
  const { membership } = result.loaded;
  const point = (i: number): readonly [number, number] => [cells.lonDeg[i], cells.latDeg[i]];
  const members = [...membership.cellIndex];
  const people = members.map((cell, m) => cells.people[cell] * membership.insideShare[m]);
  const all = people.reduce((sum, n) => sum + n, 0);
  const clusters = clustersOf(members.map(point), people, MAINLAND_GAP_KM);
  const weight = (cluster: readonly number[]): number =>
    cluster.reduce((sum, m) => sum + people[m], 0);
  const isPictured = clusters.map(
    (cluster, rank) => rank === 0 || weight(cluster) > PICTURED_SHARE * all,
  );
  const pictured = clusters.filter((_, c) => isPictured[c]).flat();
  const beyond = clusters.filter((_, c) => !isPictured[c]).flat();
  const mustSee = pictured.map(m => point(members[m]));
  const { radiusKm, centre } = regionAround(mustSee, []);
  const affected: (readonly [number, number])[] = [];
  for (let i = 0; i < cells.count; i++) {
    const change = cells.servedShareAfter[i] - cells.servedShareBefore[i];
    const isNear = kmBetween(centre, point(i)) < radiusKm + 2 * MAINLAND_GAP_KM;
    if (isNear && Math.abs(change) >= LOSING_SHARE && cells.people[i] > 0) affected.push(point(i));
  }
  const beyondIds = new Set(beyond.map(m => members[m]));
  return {
    region: regionAround(
      mustSee,
      affected.filter(([lon, lat]) =>
        [...beyondIds].every(i => cells.lonDeg[i] !== lon || cells.latDeg[i] !== lat),
      ),
    ),
    cellsBeyond: beyond.length,
    peopleBeyond: weight(beyond),
  };
}

function reportCell(result: WhatIfResult, id: string, members: readonly number[]): ReportCell {
  const { cells } = result.impact;
  const { territories } = result.ground.territories;
  const votes = [new Map<CellClass, number>(), new Map<CellClass, number>()];
  let people = 0;
  let before = 0;
  let after = 0;
  for (const i of members) {
    const weight = cells.people[i] + 1e-6;
    people += cells.people[i];
    before += weight * cells.servedShareBefore[i];
    after += weight * cells.servedShareAfter[i];
    const classes = classesOf(result, i);
    classes.forEach((key, panel) => {
      votes[panel].set(key, (votes[panel].get(key) ?? 0) + weight);
    });
  }
  const total = people + members.length * 1e-6;
  const most = (map: Map<CellClass, number>): CellClass =>
    [...map].sort((a, b) => b[1] - a[1])[0][0];
  const first = members[0];
  const place = territories[cells.territoryIndex[first]]?.name ?? 'sea';
  const head = `${place}, ${whole(people)} people`;
  const text = (share: number, key: CellClass): string =>
    `${head}\nserved ${decimal((100 * share) / total, 0)} % of the time\n${LEGEND[key].text.replace(/ \(.*\)$/, '')}`;
  const classes = votes.map(most);
  return {
    corners: cornersOf(id),
    classes,
    weight: weightOf(people / members.length),
    title: `${text(before, classes[0])}|${text(after, classes[1])}`,
  };
}

/** Four steps of ink: enough to see where people are, few enough to tell apart. */
export function weightOf(people: number): number {
  if (people >= 100_000) return 1;
  if (people >= 10_000) return 0.78;
  return people >= 1_000 ? 0.56 : 0.38;
}

function classesOf(result: WhatIfResult, i: number): [CellClass, CellClass] {
  const { cells } = result.impact;
  const hadService = cells.servedShareBefore[i] >= 0.5;
  const change = cells.servedShareAfter[i] - cells.servedShareBefore[i];
  const before = hadService ? 'served' : 'none';
  if (cells.stateAfter[i] === WITHHELD) {
    if (!hadService) return [before, 'withheld'];
    return [before, cells.insideShare[i] < 0.5 ? 'edge' : 'withheld'];
  }
  if (change <= -LOSING_SHARE) return [before, 'lost'];
  if (change >= LOSING_SHARE) return [before, 'gained'];
  if (!hadService) return [before, 'none'];
  const isKept = cells.insideShare[i] > 0 && result.withheld.length > 0;
  return [before, isKept ? 'kept' : 'served'];
}

/** Text at the rim of the picture runs inwards. */
function sideOf(region: Region, at: readonly [number, number]): ReportLabel['side'] {
  const [x] = kmFromCentre(region, at);
  if (x > 0.62 * region.radiusKm) return 'end';
  return x < -0.62 * region.radiusKm ? 'start' : 'middle';
}

function labelsOf(result: WhatIfResult, region: Region, name: string): ReportLabel[] {
  const { cells } = result.impact;
  const { territories } = result.ground.territories;
  const inside = result.loaded.membership.cellIndex;
  const labels: ReportLabel[] = [];
  const add = (text: string, members: readonly number[], isPlace: boolean): void => {
    const anchor = anchorOf(result, region, members);
    const isFree = labels.every(
      label => kmBetween([label.lon, label.lat], anchor) > region.radiusKm * 0.24,
    );
    if (!isPlace && !isFree) return;
    const [x] = kmFromCentre(region, anchor);
    const side =
      x > 0.6 * region.radiusKm ? 'end' : x < -0.6 * region.radiusKm ? 'start' : 'middle';
    labels.push({ text, lon: anchor[0], lat: anchor[1], isPlace, side });
  };
  if (result.places.length === 1) add(name, [...inside], true);
  else {
    for (const place of result.places) {
      if (place.kind === 'polygon') continue;
      const { lonDeg: lon, latDeg: lat } = place.centreDeg;
      labels.push({ text: place.name, lon, lat, isPlace: true, side: 'middle' });
    }
  }
  const isInside = new Set(inside);
  const byTerritory = new Map<number, number[]>();
  for (let i = 0; i < cells.count; i++) {
    if (isInside.has(i)) continue;
    const at = [cells.lonDeg[i], cells.latDeg[i]] as const;
    const [x, y] = kmFromCentre(region, at);
    if (Math.max(Math.abs(x), Math.abs(y)) > region.radiusKm * 0.95) continue;
    const members = byTerritory.get(cells.territoryIndex[i]);
    if (members) members.push(i);
    else byTerritory.set(cells.territoryIndex[i], [i]);
  }
  const rank = new Map(result.impact.neighbours.map((n, i) => [n.id, i]));
  const isTouched = (id: string): boolean => {
    const n = result.impact.neighbours[rank.get(id) ?? -1];
    return (
      n !== undefined &&
      n.peopleLosingByEdge + n.peopleLosingByCapacity + n.peopleLosingByGateways >= 1
    );
  };
  [...byTerritory]
    .map(([index, members]) => ({ territory: territories[index], members }))
    .filter(({ territory }) => territory !== undefined)
    .sort(
      (a, b) =>
        Number(isTouched(b.territory.id)) - Number(isTouched(a.territory.id)) ||
        b.members.length - a.members.length,
    )
    .slice(0, MOST_NEIGHBOURS)
    .forEach(({ territory, members }) => {
      add(territory.name, members, false);
    });
  return labels;
}

const ARROWS = ['↑', '↗', '→', '↘', '↓', '↙', '←', '↖'];
const MOST_GATEWAYS_BEYOND = 3;

/** Where the nearest gateways are when the picture holds none: an arrow at its edge. */
function gatewaysBeyond(result: WhatIfResult, region: Region): ReportLabel[] {
  const { gateways } = result.loaded.world;
  const all: { name: string; x: number; y: number; km: number }[] = [];
  for (let g = 0; g < gateways.count; g++) {
    if (gateways.isOperational[g] === 0) continue;
    const at = [
      (gateways.lonRad[g] * 180) / Math.PI,
      (gateways.latRad[g] * 180) / Math.PI,
    ] as const;
    const [x, y] = kmFromCentre(region, at);
    if (Math.max(Math.abs(x), Math.abs(y)) < region.radiusKm) return [];
    all.push({ name: gateways.name[g], x, y, km: kmBetween(region.centre, at) });
  }
  const near = all.sort((a, b) => a.km - b.km).slice(0, MOST_GATEWAYS_BEYOND);
  const placed: [number, number][] = [];
  return near.flatMap(({ name, x, y, km }) => {
    const scale = (region.radiusKm * 0.9) / Math.max(Math.abs(x), Math.abs(y));
    // The scale bar stands at the bottom left.
    const isOnScaleBar = y * scale < -0.8 * region.radiusKm && x * scale < 0.4 * region.radiusKm;
    const spot: [number, number] = [x * scale, isOnScaleBar ? -0.8 * region.radiusKm : y * scale];
    // A label is up to half the picture wide, and one line high.
    const isOnAnother = placed.some(
      p =>
        Math.abs(p[0] - spot[0]) < region.radiusKm &&
        Math.abs(p[1] - spot[1]) < 0.08 * region.radiusKm,
    );
    if (isOnAnother) return [];
    placed.push(spot);
    const [lon, lat] = pointAt(region, spot);
    const arrow = ARROWS[(Math.round(Math.atan2(x, y) / (Math.PI / 4)) + 8) % 8];
    return [
      {
        text: `▲ ${name} ${arrow} ${whole(km)} km`,
        lon,
        lat,
        isPlace: false,
        side: spot[0] > 0 ? ('end' as const) : ('start' as const),
      },
    ];
  });
}

/** The cell nearest the middle of the largest group: a label never floats over the sea between islands. */
function anchorOf(
  result: WhatIfResult,
  region: Region,
  members: readonly number[],
): readonly [number, number] {
  const { cells } = result.impact;
  const all = members.map(i => [cells.lonDeg[i], cells.latDeg[i]] as const);
  const people = members.map(i => cells.people[i]);
  const points = clustersOf(all, people, Math.max(30, region.radiusKm * 0.12))[0].map(m => all[m]);
  const { centre } = regionAround(points, []);
  return points.reduce((a, b) => (kmBetween(centre, b) < kmBetween(centre, a) ? b : a));
}

function gatewaysOf(
  result: WhatIfResult,
  region: Region,
  labels: readonly ReportLabel[],
): ReportGateway[] {
  const { gateways } = result.loaded.world;
  const lost = new Set(result.impact.gatewaysLost.map(gateway => gateway.name));
  const shown: (ReportGateway & { km: number })[] = [];
  for (let g = 0; g < gateways.count; g++) {
    if (gateways.isOperational[g] === 0) continue;
    const lon = (gateways.lonRad[g] * 180) / Math.PI;
    const lat = (gateways.latRad[g] * 180) / Math.PI;
    if (!isInPicture(region, [lon, lat])) continue;
    const name = gateways.name[g];
    const km = kmBetween(region.centre, [lon, lat]);
    const side = sideOf(region, [lon, lat]);
    shown.push({ name, lon, lat, isLost: lost.has(name), isLabelled: false, side, km });
  }
  shown.sort((a, b) => Number(b.isLost) - Number(a.isLost) || a.km - b.km);
  const texts: { lon: number; lat: number }[] = [...labels];
  return shown.map(({ km, ...gateway }) => {
    const [x, y] = kmFromCentre(region, [gateway.lon, gateway.lat]);
    const isFree =
      Math.max(Math.abs(x), Math.abs(y)) < 0.93 * region.radiusKm &&
      texts.every(
        ({ lon, lat }) =>
          kmBetween([lon, lat], [gateway.lon, gateway.lat]) > region.radiusKm * 0.15,
      );
    const isLabelled = isFree && texts.length < labels.length + MOST_GATEWAY_LABELS;
    if (isLabelled) texts.push(gateway);
    return { ...gateway, isLabelled };
  });
}

function timeChart(result: WhatIfResult, duration: string): ReportChart {
  const { series } = result.impact;
  const stride = Math.ceil(series.length / MOST_SERIES_POINTS);
  const at: string[] = [];
  const before: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < series.length; i += stride) {
    const slots = series.slice(i, i + stride);
    const mean = (of: (slot: (typeof slots)[number]) => number): number =>
      Math.round(slots.reduce((sum, slot) => sum + of(slot), 0) / slots.length);
    at.push(series[i].at);
    before.push(mean(slot => slot.servedPeopleBefore));
    after.push(mean(slot => slot.servedPeopleAfter));
  }
  return {
    kind: 'time',
    id: 'chart-time',
    yLabel: `people with service, over ${duration}`,
    at,
    before,
    after,
    beforeLabel: 'before (nothing withheld)',
    afterLabel: 'after',
  };
}

function dips(result: WhatIfResult): string {
  const served = result.impact.series.map(slot => slot.servedPeopleBefore);
  return Math.min(...served) < 0.995 * Math.max(...served)
    ? ' Dips are moments when, for some cells, no satellite in view reaches a gateway (or has a free beam).'
    : '';
}

function neighbourChart(result: WhatIfResult): ReportChart[] {
  const rows = result.impact.neighbours.slice(0, MOST_NEIGHBOURS);
  const losing = rows.flatMap(n =>
    n.peopleLosingByEdge + n.peopleLosingByCapacity + n.peopleLosingByGateways >= 0.5
      ? [
          {
            name: n.name,
            value: n.peopleLosingByEdge + n.peopleLosingByCapacity + n.peopleLosingByGateways,
            series:
              n.peopleLosingByEdge >= n.peopleLosingByCapacity + n.peopleLosingByGateways
                ? 'edge'
                : 'lost',
          },
        ]
      : [],
  );
  if (losing.length > 0) {
    return [
      {
        kind: 'bars',
        id: 'chart-neighbours',
        xLabel: 'people who lose service, mean over slots',
        rows: losing,
      },
    ];
  }
  const gaining = rows
    .filter(n => n.shareChangeMbps >= 0.05)
    .sort((a, b) => b.shareChangeMbps - a.shareChangeMbps)
    .map(n => ({ name: n.name, value: n.shareChangeMbps, series: 'gained' }));
  return gaining.length > 0
    ? [
        {
          kind: 'bars',
          id: 'chart-neighbours',
          xLabel: 'more Mbit/s for a served cell, mean over slots',
          rows: gaining,
        },
      ]
    : [];
}

function totalsTable(result: WhatIfResult): string {
  const { before, after, capacity } = result.impact;
  const row = (label: string, a: number, b: number): string[] => [
    label,
    whole(a),
    whole(b),
    signed(b - a),
  ];
  const ms = (label: string, a: number | null, b: number | null): string[] => [
    label,
    decimal(a),
    decimal(b),
    signedDecimal(a === null || b === null ? null : b - a),
  ];
  return htmlTable(
    `${placeNames(result)} and cells within ${whole(result.manifest.reachKm)} km: ${whole(before.cells)} cells, ${whole(before.people)} people. Means over slots.`,
    ['', 'before', 'after', 'change'],
    [
      row('people with service', before.servedPeople, after.servedPeople),
      row('cells with service', before.servedCells, after.servedCells),
      ms(
        'minutes without service, mean a person',
        before.minutesWithoutService,
        after.minutesWithoutService,
      ),
      ms('round trip, median, ms', before.latencyMs.p50, after.latencyMs.p50),
      ms('round trip, 95th percentile, ms', before.latencyMs.p95, after.latencyMs.p95),
      ms('rate given, Gbit/s', before.shareMbps / 1000, after.shareMbps / 1000),
      ...(
        [
          ['  freed by cells that the change names', -capacity.freedMbps],
          ['  lost by other cells', -capacity.lostMbps],
          ['  more for other cells', capacity.takenUpMbps],
        ] as const
      ).map(([label, mbps]) => [label, '', '', signedDecimal(mbps / 1000)]),
      ...CELL_STATES.filter(
        state =>
          state !== 'served' && before.byState[state].people + after.byState[state].people >= 0.5,
      ).map(state =>
        row(
          `people without: ${STATE_WORDS[state]}`,
          before.byState[state].people,
          after.byState[state].people,
        ),
      ),
    ],
  );
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  withheld: 'service withheld',
  'no-satellite': 'no satellite above the mask',
  'no-gateway': 'no gateway in the satellite’s reach',
  'no-beam': 'all beams taken',
  'gso-arc': 'satellites only near the geostationary arc',
};

function reasonsTable(result: WhatIfResult): string {
  const { inside, outside, edge } = result.impact;
  return htmlTable(
    `Cells at the border are treated by the rule “${edge}”: ${EDGE_WORDS[edge]}.`,
    ['', 'people', 'cells', 'why'],
    [
      [
        'inside',
        whole(inside.peopleLosing),
        whole(inside.cellsWithheld),
        inside.cellsWithheld > 0
          ? 'their cell is switched off'
          : 'no permitted gateway in reach, or no beam',
      ],
      [
        'inside, keeping service',
        whole(inside.peopleKeeping),
        '',
        inside.cellsWithheld > 0
          ? 'their cell is not switched off by the rule'
          : 'what is left still reaches them',
      ],
      ...(inside.peopleRestricted > 0
        ? [
            [
              'inside, restricted',
              whole(inside.peopleRestricted),
              '',
              'they keep service, within the limit',
            ],
          ]
        : []),
      [
        'outside, at the edge',
        whole(outside.peopleLosingByEdge),
        whole(outside.cellsByEdge),
        'their cell straddles the border and is switched off with it',
      ],
      [
        'outside, capacity',
        whole(outside.peopleLosingByCapacity),
        whole(outside.cellsByCapacity),
        'satellites or beams are used elsewhere',
      ],
      [
        'outside, gateways',
        whole(outside.peopleLosingByGateways),
        '',
        'no permitted gateway in reach',
      ],
      ['outside, gaining', whole(outside.peopleGaining), '', 'beams that were busy are free'],
    ],
    2,
  );
}

const EDGE_WORDS: Readonly<Record<string, string>> = {
  strict: 'only cells that lie wholly inside are switched off',
  centre: 'a cell is switched off when its centre lies inside',
  covering: 'every cell that touches the territory is switched off',
};

function neighboursHtml(result: WhatIfResult): string {
  const rows = result.impact.neighbours.slice(0, MOST_NEIGHBOURS);
  if (rows.length === 0) return '<p>Nobody lives within reach outside.</p>';
  const losing = rows.filter(
    n => n.peopleLosingByEdge + n.peopleLosingByCapacity + n.peopleLosingByGateways >= 0.5,
  );
  const chart =
    neighbourChart(result).length > 0 ? '<div id="chart-neighbours" class="chart"></div>\n' : '';
  const sentence =
    losing.length === 0
      ? `Nobody outside loses service under this rule.${chart === '' ? '' : ' What the switched-off cells no longer use, satellites can give to the neighbours:'}`
      : `${plural(losing.length, 'neighbour')} ${losing.length === 1 ? 'loses' : 'lose'} service somewhere.`;
  return `<p>${sentence}</p>\n${chart}${htmlTable(
    'Most affected first; people as means over slots.',
    [
      '',
      'people in reach',
      'lose (edge)',
      'lose (capacity)',
      'lose (gateways)',
      'gain',
      'change of rate, Mbit/s a cell',
      'change of latency, ms',
    ],
    rows.map(n => [
      `${n.name} (${n.id})`,
      whole(n.people),
      whole(n.peopleLosingByEdge),
      whole(n.peopleLosingByCapacity),
      whole(n.peopleLosingByGateways),
      whole(n.peopleGaining),
      decimal(n.shareChangeMbps),
      decimal(n.latencyChangeMs),
    ]),
  )}`;
}

function gatewaysHtml(result: WhatIfResult): string {
  const { gatewaysLost } = result.impact;
  const { denied } = result;
  const note =
    denied.length > 0 ? `<p>Gateways in ${escapeHtml(namesOf(denied))} may not be used.</p>` : '';
  if (gatewaysLost.length === 0) {
    return `${note}<p>No gateway is lost: all that served these cells before still do.</p>`;
  }
  return `${note}${htmlTable(
    `${plural(gatewaysLost.length, 'gateway')} that served these cells before and do not any more.`,
    ['gateway', 'country', 'reason'],
    gatewaysLost.map(g => [
      g.name,
      g.country,
      g.reason === 'denied' ? 'not permitted' : 'no cell uses it any more',
    ]),
    0,
  )}`;
}
