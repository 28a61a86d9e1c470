import { Command } from 'commander';
import { BeamkeeperError } from '../../orbits/index.ts';
import { readInputFile } from '../../store/inputFile.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { startWitness } from '../../store/witnessServer.ts';
import { parsePolicy } from '../../tlog/index.ts';
import { wholeNumberWithin } from '../optionValues.ts';
import { print } from '../output.ts';

const MAX_POLICY_BYTES = 1 << 20;
const DEFAULT_PORT = 8460;

interface WitnessCommandOptions {
  readonly folder: string;
  readonly name: string;
  readonly logs: string;
  readonly host: string;
  readonly port: number;
}

export function witnessCommand(): Command {
  return new Command('witness')
    .description('Watch logs: cosign what extends the last that was seen, refuse everything else.')
    .requiredOption('--folder <path>', 'keeps the key and what was cosigned last')
    .requiredOption('--name <name>', 'of this witness, such as witness.example.org')
    .requiredOption('--logs <file>', 'a policy (C2SP tlog-policy): its log lines are watched')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', 'where to listen', wholeNumberWithin('--port', 0, 65_535), DEFAULT_PORT)
    .addHelpText(
      'after',
      `
It prints its verifier key, which goes into the policies of those who trust it, and serves until stopped.
A second witness in one folder is refused.

Example:
  beamkeeper witness --folder witness --name witness.example.org --logs trust.txt`,
    )
    .action(witness);
}

async function witness(options: WitnessCommandOptions): Promise<void> {
  const policy = parsePolicy(
    nodeSha256,
    await readInputFile(options.logs, { maxBytes: MAX_POLICY_BYTES }),
  );
  const origins = [...new Set(policy.logs.map(({ key }) => key.name))];
  if (origins.length === 0) {
    throw new BeamkeeperError('POLICY', `${options.logs}: has no line "log <vkey>" to watch`);
  }
  const server = await startWitness({
    folder: options.folder,
    name: options.name,
    logs: origins.map(origin => ({
      origin,
      keys: policy.logs.filter(({ key }) => key.name === origin).map(({ key }) => key),
    })),
    host: options.host,
    port: options.port,
  });
  print(
    `witness ${options.name} ${server.verifierKey}\nlistens at ${server.url} for ${origins.join(', ')}`,
  );
}
