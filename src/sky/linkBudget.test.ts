import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gasAttenuationDb } from './gas/index.ts';
import {
  budgetedEfficiency,
  carrierToNoiseDb,
  efficiencyAt,
  eirpForFlux,
  freeSpaceLossDb,
  KU_USER_DOWNLINK,
  scanLossDb,
  userCarrierToNoiseDb,
} from './linkBudget.ts';
import { rainHeightByLatitudeKm } from './rain/index.ts';
import { spectralEfficiency } from './spectralEfficiency.ts';

const DEG = Math.PI / 180;

// Link budgets of del Portillo, Cameron and Crawley (2018), as the constants of ns-3-leo carry them.
test.each([
  ['SpaceX, user', 1684, 13.5, 179.6],
  ['OneWeb, user', 1504, 13.5, 178.6],
  ['SpaceX, gateway', 1684, 28.5, 186.1],
])('free-space loss as published: %s', (_, distanceKm, frequencyGHz, publishedDb) => {
  expect(Math.abs(freeSpaceLossDb(distanceKm, frequencyGHz) - publishedDb)).toBeLessThan(0.05);
});

test('the published budget of the SpaceX user link is met but for its line losses: 13.3 dB to 12.0', () => {
  // 36.7 dBW in 250 MHz, 37.7 dBi at 362.9 K, 0.53 dB of air; by hand 36.7 − 179.58 − 0.53 + 12.10 + 228.6 − 83.98.
  const found = carrierToNoiseDb({
    eirpDbWPerMHz: 36.7 - 10 * Math.log10(250),
    distanceKm: 1684,
    frequencyGHz: 13.5,
    gOverTDbPerK: 37.7 - 10 * Math.log10(362.9),
    lossDb: 0.53,
  });
  expect(found).toBeCloseTo(13.31, 1);
  expect(found - 12).toBeGreaterThan(0);
  expect(found - 12).toBeLessThan(1.5);
});

test('a flux of −146.8 dB(W/m²/4 kHz), under the −140 of the Radio Regulations', () => {
  const per4kHz = KU_USER_DOWNLINK.fluxDbWPerM2PerMHz + 10 * Math.log10(0.004);
  expect(per4kHz).toBeCloseTo(-146.8, 1);
  expect(per4kHz).toBeLessThan(-140);
});

test('while the flux is held the range has no part in it', () => {
  fc.assert(
    fc.property(fc.double({ min: 300, max: 3000, noNaN: true }), distanceKm => {
      const { fluxDbWPerM2PerMHz, frequencyGHz, gOverTDbPerK } = KU_USER_DOWNLINK;
      const eirpDbWPerMHz = eirpForFlux(fluxDbWPerM2PerMHz, distanceKm);
      const lossDb = gasAttenuationDb(frequencyGHz, Math.PI / 2);
      const found = carrierToNoiseDb({
        eirpDbWPerMHz,
        distanceKm,
        frequencyGHz,
        gOverTDbPerK,
        lossDb,
      });
      expect(found).toBeCloseTo(userCarrierToNoiseDb(Math.PI / 2), 9);
    }),
  );
});

test('the worked example of docs/links.md', () => {
  const { fluxDbWPerM2PerMHz: flux, frequencyGHz, scanExponent } = KU_USER_DOWNLINK;
  expect(flux).toBeCloseTo(-122.8, 2);
  // Effective area of an isotropic antenna, λ²/4π.
  const wavelengthM = 0.299792458 / frequencyGHz;
  expect(10 * Math.log10(wavelengthM ** 2 / (4 * Math.PI))).toBeCloseTo(-42.82, 2);
  expect(scanLossDb(45 * DEG, scanExponent)).toBeCloseTo(1.81, 2);
  expect(gasAttenuationDb(frequencyGHz, 45 * DEG)).toBeCloseTo(0.08, 2);
  expect(userCarrierToNoiseDb(45 * DEG)).toBeCloseTo(-122.8 - 60 - 42.82 + 9 + 228.6 - 1.89, 1);
  expect(userCarrierToNoiseDb(45 * DEG)).toBeCloseTo(10.09, 2);
  expect(budgetedEfficiency(45 * DEG)).toBeCloseTo(2.62, 2);
  expect(budgetedEfficiency(90 * DEG)).toBeCloseTo(3.04, 2);
  expect(budgetedEfficiency(25 * DEG)).toBeCloseTo(2.01, 2);
  expect(budgetedEfficiency(45 * DEG, { attenuationDb: 3 })).toBeCloseTo(1.96, 2);
});

// ETSI EN 302 307-1, table 13 (quasi error free, AWGN), Es/N0 in dB and b/s/Hz, over a roll-off of 10 %.
test.each([
  ['QPSK 1/2', 1.0, 0.988858],
  ['QPSK 3/4', 4.03, 1.487473],
  ['8PSK 3/4', 7.91, 2.228124],
  ['16APSK 3/4', 10.21, 2.966728],
  ['32APSK 3/4', 12.73, 3.703295],
  ['32APSK 9/10', 16.05, 4.453027],
])('three quarters of Shannon is what DVB-S2 reaches, to 6 %%: %s', (_, snrDb, perSymbol) => {
  expect(Math.abs(efficiencyAt(snrDb) / (perSymbol / 1.1) - 1)).toBeLessThan(0.06);
});

test('the service takes the same law at a better signal: its 18 dB are 6 dB over this budget', () => {
  for (const deg of [25, 45, 60, 90]) {
    const better = budgetedEfficiency(deg * DEG, { attenuationDb: 12.0 - 18 });
    expect(Math.abs(spectralEfficiency(Math.sin(deg * DEG)) - better)).toBeLessThan(0.02);
  }
});

test('rain height by latitude is within 0.6 km of those in the validation rows of P.618', () => {
  // Height of the station + slant length × sine of elevation (network.md §5).
  const rows = [
    [51.5, 0.031382984 + 4.690817392 * Math.sin(31.07699124 * DEG)],
    [41.9, 0.046122988 + 4.646913874 * Math.sin(40.232036 * DEG)],
    [25.78, 0.00861728 + 5.735098894 * Math.sin(52.67898486 * DEG)],
  ];
  for (const [latDeg, heightKm] of rows) {
    const more = rainHeightByLatitudeKm(latDeg * DEG) - heightKm;
    expect(more).toBeGreaterThan(0);
    expect(more).toBeLessThan(0.6);
  }
  expect(rainHeightByLatitudeKm(0)).toBe(5);
  expect(rainHeightByLatitudeKm(-71 * DEG)).toBeCloseTo(0, 9);
  expect(rainHeightByLatitudeKm(-85 * DEG)).toBe(0);
});
