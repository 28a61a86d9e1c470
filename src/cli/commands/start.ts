import { Command } from 'commander';
import { wholeNumberWithin } from '../optionValues.ts';
import { print } from '../output.ts';

const DEFAULT_PORT = 7300;
const FOLDER = 'beamkeeper-data';

/** What `npm start` runs: the page over the fleet as flown, with a demo switch in a folder of its own. */
export function startCommand(): Command {
  return new Command('start')
    .description('The page: who has service, what if it stops somewhere, who decided. One URL.')
    .option('--data <folder>', 'keeps the demo switch', FOLDER)
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', 'where to listen', wholeNumberWithin('--port', 0, 65_535), DEFAULT_PORT)
    .option('--elements <file>', 'element sets in the place of the fleet as flown')
    .addHelpText(
      'after',
      `
Satellites are the fleet as flown in August 2026, or those of --elements. People and organisations of the
switch are made up; for a real one: beamkeeper serve. Nothing is asked of any other machine.

Examples:
  beamkeeper start
  beamkeeper start --elements starlink.3le.gz --port 8080`,
    )
    .action(start);
}

async function start(options: {
  data: string;
  host: string;
  port: number;
  elements?: string;
}): Promise<void> {
  const folder = options.data.replace(/\/+$/, '');
  const { serveSwitch } = await import('../serveSwitch.ts');
  const { url } = await serveSwitch({
    dataFolder: `${folder}/switch`,
    keysFolder: `${folder}/keys`,
    host: options.host,
    port: options.port,
    isDemo: true,
    elements: options.elements === undefined ? [] : [options.elements],
  });
  print(`Beamkeeper: ${url}`);
}
