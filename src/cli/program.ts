import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { packageFile } from '../store/packageFiles.ts';
import { admissionCommand } from './commands/admission.ts';
import { benchCommand } from './commands/bench.ts';
import { catalogCommand } from './commands/catalog.ts';
import { claimCommand } from './commands/claim.ts';
import { contactCommand } from './commands/contact.ts';
import { coverageCommand } from './commands/coverage.ts';
import { declareCommand } from './commands/declare.ts';
import { demoCommand } from './commands/demo.ts';
import { gatewaysCommand } from './commands/gateways.ts';
import { keysCommand } from './commands/keys.ts';
import { latencyCommand } from './commands/latency.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { orderCommand } from './commands/order.ts';
import { passesCommand } from './commands/passes.ts';
import { policyCommand } from './commands/policy.ts';
import { routeCommand } from './commands/route.ts';
import { sealCommand } from './commands/seal.ts';
import { serveCommand } from './commands/serve.ts';
import { startCommand } from './commands/start.ts';
import { switchCommand } from './commands/switch.ts';
import { territoryCommand } from './commands/territory.ts';
import { validateCommand } from './commands/validate.ts';
import { whatIfCommand } from './commands/whatif.ts';
import { witnessCommand } from './commands/witness.ts';

/** The command line. Commander's own refusals (unknown flag, missing value) become `CommanderError`. */
export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    version: string;
  };
  const program = new Command('beamkeeper')
    .description(
      'An open digital twin of satellite internet: who has service, and who loses it if it is withheld.',
    )
    .version(version)
    .helpOption('-h, --help', 'this text')
    .helpCommand(true)
    .addHelpText(
      'after',
      `
Examples:
  beamkeeper start                                     the page, on this machine
  $ beamkeeper whatif --off TWN --for 1h               withhold service over Taiwan for an hour
  $ beamkeeper coverage Nairobi --constellation oneweb-2026-08
  $ beamkeeper latency KEN                             round trips and what they are made of
  $ beamkeeper passes Paris --for 10m --catalog stations.tle
  $ beamkeeper validate --only N4                      published results beside ours
  $ beamkeeper COMMAND --help                          flags and more examples

Exit codes: 0 done, 1 failure, 2 bad input, 130 stopped by Ctrl-C.
`,
    );
  const commands = [
    startCommand(),
    whatIfCommand(),
    coverageCommand(),
    routeCommand(),
    latencyCommand(),
    gatewaysCommand(),
    passesCommand(),
    catalogCommand(),
    territoryCommand(),
    validateCommand(),
    demoCommand(),
    switchCommand(),
    keysCommand(),
    orderCommand(),
    declareCommand(),
    contactCommand(),
    claimCommand(),
    policyCommand(),
    serveCommand(),
    admissionCommand(),
    sealCommand(),
    ledgerCommand(),
    witnessCommand(),
    benchCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of allCommands(program)) {
    command.exitOverride().showSuggestionAfterError(true);
    command.configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'beamkeeper: ')),
    });
  }
  return program;
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}
