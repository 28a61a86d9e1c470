import { Command } from 'commander';
import { BeamkeeperError } from '../../orbits/index.ts';
import { collect, wholeNumberWithin } from '../optionValues.ts';
import { print } from '../output.ts';
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
  readonly trustProxy?: string;
  readonly elements: readonly string[];
  readonly database?: string;
  readonly oidcIssuer?: string;
  readonly oidcClient?: string;
  readonly localWebhooks?: boolean;
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
    .option(
      '--database <place>',
      'accounts, drafts, endpoints: postgres://… or a file (default: in the data folder)',
    )
    .option('--oidc-issuer <url>', 'sign in by an OpenID provider too (never enough to vote)')
    .option('--oidc-client <id>', 'what the provider calls this server')
    .option('--local-webhooks', 'endpoints may be on this machine, and without TLS')
    .option(
      '--elements <file>',
      'element sets for the page (repeatable; default: the fleet as flown)',
      collect(text => text),
      [],
    )
    .option('--rate <n>', 'requests a second from one address', wholeNumberWithin('--rate', 1, 1e6))
    .option(
      '--trust-proxy <addresses>',
      'proxies in front, by commas, whose X-Forwarded-For is believed (addresses, or 10.0.0.0/8)',
    )
    .addHelpText(
      'after',
      `
It prints one URL (and, until there is an administrator, a one-time code for the first) and serves until Ctrl-C; requests are then finished and the log closed.

Examples:
  beamkeeper serve --demo
  beamkeeper serve --data mine --twin-key twin.key --port 8080`,
    )
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { oidcIssuer: issuer, oidcClient: clientId } = options;
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new BeamkeeperError('OPTION', '--oidc-issuer and --oidc-client go together');
  }
  // Loaded only now: nothing else needs a server's libraries, or SQLite.
  const { serveSwitch } = await import('../serveSwitch.ts');
  const { url, setupCode } = await serveSwitch({
    dataFolder: options.data,
    keysFolder: keysFolderOf(options),
    host: options.host,
    port: options.port,
    isDemo: options.demo === true,
    twinKey: options.twinKey,
    witnessPolicy: options.witnesses === undefined ? undefined : await readText(options.witnesses),
    ratePerSecond: options.rate,
    trustedProxies: options.trustProxy,
    elements: options.elements,
    database: options.database,
    areLocalWebhooksAllowed: options.localWebhooks,
    // A secret on the command line is seen by everybody on the machine.
    oidc:
      issuer === undefined || clientId === undefined
        ? undefined
        : { issuer, clientId, clientSecret: process.env['BEAMKEEPER_OIDC_SECRET'] },
  });
  print(`Beamkeeper: ${url}`);
  if (setupCode !== undefined && options.demo !== true) {
    print(`The first administrator signs in with this code, within 15 minutes: ${setupCode}`);
  }
}
