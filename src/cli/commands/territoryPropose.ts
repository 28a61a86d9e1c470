import { Command } from 'commander';
import { ballotHash, signBody } from '../../control/index.ts';
import { nextOutline } from '../../runs/territoryRecord.ts';
import { nodeSha256 } from '../../store/tlogStore.ts';
import {
  addWriteOptions,
  reportRecorded,
  type WriteOptions,
  withSigner,
} from '../switchOptions.ts';

/** Adds `territory propose`: outlines that the log has not, or has from an older map, to be voted on. */
export function addTerritoryPropose(command: Command): Command {
  return command.addCommand(
    addWriteOptions(
      new Command('propose')
        .description(
          "Propose to take territories into a switch's log, so that orders can name them; by vote.",
        )
        .argument('<territories...>', 'codes or names'),
    )
      .requiredOption('--reason <text>', 'why; everybody reads it')
      .addHelpText(
        'after',
        `
A territory that the log has already is drawn anew: orders that name the earlier version keep it.

Example:
  $ beamkeeper territory propose KEN UGA --reason "both regulators have joined" --key drafter.key`,
      )
      .action(propose),
  );
}

async function propose(
  names: readonly string[],
  options: WriteOptions & { reason: string },
): Promise<void> {
  await withSigner(options, async (store, signer) => {
    const body = await signBody(signer, 'territory/v1', {
      proposer: signer.name,
      reason: options.reason,
      territories: names.map(name => nextOutline(name, store.state)),
    });
    const recorded = await store.record('territory/v1', body);
    const hash = ballotHash(nodeSha256, 'territory/v1', body);
    reportRecorded(options, 'territory propose', recorded, { hash }, [
      `Voted on as ${hash}`,
      `  beamkeeper order vote ${hash.slice(0, 12)} --seat SEAT --decision yes --reason TEXT --key FILE`,
    ]);
  });
}
