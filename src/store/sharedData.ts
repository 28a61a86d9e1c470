import { fileURLToPath } from 'node:url';

/**
 * Path of a file of the shared development data, such as `data/orbits/starlink-2026-08-22.3le.gz`.
 * It lies beside the repository; `BEAMKEEPER_SHARED` overrides the place.
 */
export function sharedPath(relativeToShared: string): string {
  const root =
    process.env['BEAMKEEPER_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
  return `${root}/${relativeToShared}`;
}
