import { Command } from 'commander';
import { ballotHash, signBody } from '../../control/index.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import { readPolicySet } from '../policySetFiles.ts';
import {
  addWriteOptions,
  reportRecorded,
  type WriteOptions,
  withSigner,
} from '../switchOptions.ts';

/** Adds `policy propose`: a whole new set of Cedar policies, to be voted on. */
export function addPolicyPropose(command: Command): Command {
  return command.addCommand(
    addWriteOptions(
      new Command('propose')
        .description('Propose a set of Cedar policies; it is in force once voted and executed.')
        .argument('<set>', 'a folder with a file ID.cedar for each policy, or JSON {"id": "text"}'),
    )
      .requiredOption('--reason <text>', 'why; everybody reads it')
      .addHelpText(
        'after',
        `
Example:
  $ beamkeeper policy propose policies --reason "auditors may observe" --key drafter.key`,
      )
      .action(propose),
  );
}

async function propose(path: string, options: WriteOptions & { reason: string }): Promise<void> {
  const policySet = await readPolicySet(path);
  await withSigner(options, async (store, signer) => {
    const { reason } = options;
    const change = { proposer: signer.name, reason, policySet };
    const body = await signBody(signer, 'policySet/v1', change);
    const recorded = await store.record('policySet/v1', body);
    const hash = ballotHash(nodeSha256, 'policySet/v1', body);
    reportRecorded(options, 'policy propose', recorded, { hash }, [
      `Voted on as ${hash}`,
      `  beamkeeper order vote ${hash.slice(0, 12)} --seat SEAT --decision yes --reason TEXT --key FILE`,
    ]);
  });
}
