import { expect, test } from 'vitest';
import type { ElementSet } from './elementSet.ts';
import { addSeconds, parseInstant } from './instant.ts';
import { recoverShells } from './shells.ts';
import { designElementSets, parseDesign } from './walker.ts';

const EPOCH = parseInstant('2026-08-22T12:00:00Z');

/** Numbers in [−1, 1) that are the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  };
}

/** The design with every satellite a little off its place, and some places empty. */
function flown(design: string, offDeg: number): ElementSet[] {
  const random = noise(7);
  return designElementSets(parseDesign(design), { epoch: EPOCH })
    .filter(() => random() < 0.8)
    .map(set => ({
      ...set,
      raanDeg: (set.raanDeg + 360 + offDeg * random()) % 360,
      meanAnomalyDeg: (set.meanAnomalyDeg + 360 + offDeg * random()) % 360,
      inclinationDeg: set.inclinationDeg + 0.01 * random(),
      meanMotion: set.meanMotion * (1 + 1e-5 * random()),
    }));
}

test.each([
  ['D:550:53:1584/72/39', [72, 22, 39]],
  ['D:570:70:720/36/11', [36, 20, 11]],
  ['D:630:51.9:1156/34/1', [34, 34, 1]],
  ['D:560:97.6:348/6/1', [6, 58, 1]],
  ['D:1150:53:1600/32/27', [32, 50, 27]],
])('the design %s is recovered from satellites half a degree off', (design, pattern) => {
  const shells = recoverShells(flown(design, 0.5));
  expect(shells.length).toBe(1);
  const { planeCount, slotCount, phasing } = shells[0].pattern!;
  expect([planeCount, slotCount, phasing]).toEqual(pattern);
  expect(shells[0].altitudeKm).toBeCloseTo(Number(design.split(':')[1]), 0);
});

test('two shells at one altitude are told apart by inclination', () => {
  const shells = recoverShells(flown('53:1584/72/39@550+53.4:720/36/11@550', 0.3));
  expect(shells.map(shell => shell.pattern?.planeCount)).toEqual([72, 36]);
});

test('satellites anywhere have no stable Walker pattern', () => {
  const random = noise(3);
  const anywhere = flown('D:550:53:1584/72/39', 0).map(set => ({
    ...set,
    raanDeg: 180 + 180 * random(),
    meanAnomalyDeg: 180 + 180 * random(),
  }));
  const [shell] = recoverShells(anywhere);
  expect(shell.satelliteCount).toBe(anywhere.length);
  expect(shell.pattern).toBeNull();
});

test('one plane of satellites is a train, not a shell', () => {
  const train = designElementSets(parseDesign('53:60/1/0@550'), { epoch: EPOCH });
  expect(recoverShells(train)[0].pattern).toBeNull();
});

test('sets that are a week old say nothing about the pattern of today', () => {
  const now = flown('D:550:53:1584/72/39', 0.5);
  const weekAgo = addSeconds(EPOCH, -7 * 86400);
  const old = now.slice(0, 300).map(set => ({
    ...set,
    epochJd: weekAgo.jd,
    epochFraction: weekAgo.fraction,
    meanAnomalyDeg: (set.meanAnomalyDeg + 5) % 360,
  }));
  const { planeCount, slotCount, phasing } = recoverShells([...now, ...old])[0].pattern!;
  expect([planeCount, slotCount, phasing]).toEqual([72, 22, 39]);
});

test('nothing gives nothing', () => {
  expect(recoverShells([])).toEqual([]);
});
