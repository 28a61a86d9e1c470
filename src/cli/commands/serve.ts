import { Command } from 'commander';
import { wholeNumberWithin } from '../optionValues.ts';
import { print } from '../output.ts';
import { serveSwitch } from '../serveSwitch.ts';
import { keysFolderOf, readText } from '../switchOptions.ts';

const DEFAULT_PORT = 7300;

interface ServeOptions {
  readonly data: string;
  readonly keys?: string;
  readonly host: string;
  readonly port: number;
  readonly demo?: boolean;
  readonly twinKey?: string;
  readonly witnesses?: string;
  readonly rate?: number;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve a switch: the page, the API, the log as static files.')
    .option('--data <folder>', 'the data folder of the switch', 'switch')
    .option(
      '--keys <folder>',
      "the folder of the log's own keys (default: the data folder + -keys)",
    )
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', 'where to listen', wholeNumberWithin('--port', 0, 65_535), DEFAULT_PORT)
    .option('--demo', 'begin a demo where there is no switch; its page can sign as everybody')
    .option('--twin-key <file>', 'signs impact reports that the server computes')
    .option('--witnesses <file>', 'witness, group and quorum lines: asked to cosign')
    .option('--rate <n>', 'requests a second from one address', wholeNumberWithin('--rate', 1, 1e6))
    .addHelpText(
      'after',
      `
It prints one URL and serves until Ctrl-C; requests are then finished and the log closed.

Examples:
  beamkeeper serve --demo
  beamkeeper serve --data mine --twin-key twin.key --port 8080`,
    )
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { url } = await serveSwitch({
    dataFolder: options.data,
    keysFolder: keysFolderOf(options),
    host: options.host,
    port: options.port,
    isDemo: options.demo === true,
    twinKey: options.twinKey,
    witnessPolicy: options.witnesses === undefined ? undefined : await readText(options.witnesses),
    ratePerSecond: options.rate,
  });
  print(`Beamkeeper: ${url}`);
}
