import fc from 'fast-check';

/**
 * Property tests draw the same cases in each run, so that a red run is about the change and not about
 * luck. `BEAMKEEPER_SEED=random npm test` looks further; a seed that it prints can be given again.
 */
const seed = process.env['BEAMKEEPER_SEED'] ?? '20261124';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
