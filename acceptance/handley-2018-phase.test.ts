/**
 * Handley, "Delay is Not an Option: Low Latency Routing in Space" (HotNets 2018): of all phase offsets
 * between neighbouring planes, 5/32 keeps the satellites of the 53° shell farthest apart (32 planes of
 * 50, 1150 km), and 17/32 those of the 53.8° shell (1110 km); with an even offset satellites collide.
 * The distances: network.md N5, computed there by another program.
 */
import { test } from 'vitest';
import { handleyPhase } from '../src/runs/validation/handley2018Phase.ts';
import { expectFigures } from './expectFigures.ts';

test('offsets 5/32 and 17/32 keep the shells farthest apart, and even ones collide', async () => {
  await expectFigures(handleyPhase, [
    ['53° at 1150 km, best offset', 5, 0],
    ['53° at 1150 km, nearest approach with it', 44.7, 1],
    ['53° at 1150 km, widest of the even offsets', 0, 0.005],
    ['53.8° at 1110 km, best offset', 17, 0],
    ['53.8° at 1110 km, nearest approach with it', 74.5, 1],
    ['53.8° at 1110 km, widest of the even offsets', 0, 0.005],
  ]);
});
