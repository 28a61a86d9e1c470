import { fileURLToPath } from 'node:url';

/** The package's own folder, with a slash at its end; the same seen from src/ and from dist/. */
const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Path of a file that belongs to the package, such as `data/gateways/starlink.csv`. */
export function packageFile(relativePath: string): string {
  return `${PACKAGE_ROOT}${relativePath}`;
}
