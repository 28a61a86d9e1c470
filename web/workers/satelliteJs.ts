/** What the core uses of satellite.js, without its own WebAssembly builds, which Vite would pack too. */
export { json2satrec, twoline2satrec } from '../../node_modules/satellite.js/dist/io.js';
export { sgp4 } from '../../node_modules/satellite.js/dist/propagation.js';
