#!/usr/bin/env node
// Starts the command line on a Node that can run it: this one if it is 22.13 or newer, else the one
// that the repository pins (the `node` package). Plain JavaScript, so that Node 20 can read it; and
// Node 20 is enough for what an outsider does who checks a log.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const LEAST = [22, 13];
/** Commands that a test runs on Node 20. */
const ALSO_ON_20 = ['ledger'];

const root = new URL('../', import.meta.url);
const main = new URL('dist/cli/main.js', root);
const [major, minor] = process.versions.node.split('.').map(Number);

if (!existsSync(main)) {
  stop('Beamkeeper is not built yet: run `npm run build` in its folder, then try again.');
} else if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) {
  await import(main.href);
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = fileURLToPath(new URL(`node_modules/node/bin/${name}`, root));
  if (existsSync(pinned)) {
    runPinned(pinned);
  } else if (major >= 20 && ALSO_ON_20.includes(process.argv[2] ?? '')) {
    await import(main.href);
  } else {
    stop(
      `Beamkeeper needs Node ${LEAST.join('.')} or newer; this is ${process.version}. ` +
        'Install a newer Node, or run `npm ci` in its folder, which brings one.',
    );
  }
}

/** @param {string} runtime */
function runPinned(runtime) {
  const child = spawn(runtime, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both; a signal to this process alone must reach the child.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', error => stop(`cannot start ${runtime}: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  });
}

/** @param {string} message */
function stop(message) {
  process.stderr.write(`beamkeeper: ${message}\n`);
  process.exitCode = 1;
}
