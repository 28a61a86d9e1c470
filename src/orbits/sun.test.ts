import {
  Body,
  GeoVector,
  KM_PER_AU,
  MakeTime,
  RotateVector,
  Rotation_EQJ_EQD,
} from 'astronomy-engine';
import { expect, test } from 'vitest';
import { addSeconds, formatInstant, parseInstant } from './instant.ts';
import { sunTemeKm } from './sun.ts';

test('the Sun is within 0.02° and 0.02 % of astronomy-engine from 2000 to 2050', () => {
  const start = parseInstant('2000-01-01T00:00:00Z');
  for (let days = 0; days < 50 * 365.25; days += 31.7) {
    const at = addSeconds(start, days * 86400);
    const time = MakeTime(new Date(formatInstant(at)));
    const reference = RotateVector(Rotation_EQJ_EQD(time), GeoVector(Body.Sun, time, true));
    const [x, y, z] = sunTemeKm(at);
    const length = Math.hypot(x, y, z);
    const referenceLength = Math.hypot(reference.x, reference.y, reference.z);
    const cos = (x * reference.x + y * reference.y + z * reference.z) / (length * referenceLength);
    const apartDeg = (Math.acos(Math.min(1, cos)) * 180) / Math.PI;
    expect(apartDeg, formatInstant(at)).toBeLessThanOrEqual(0.02);
    expect(Math.abs(length / (referenceLength * KM_PER_AU) - 1)).toBeLessThan(2e-4);
  }
});
