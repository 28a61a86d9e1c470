import { Command } from 'commander';
import { type PolicySet, policySetFaults } from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { plural } from '../../runs/numbers.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import { print, printJson } from '../output.ts';
import { readPolicySet, writePolicySet } from '../policySetFiles.ts';
import { addFolderOptions, type FolderOptions } from '../switchOptions.ts';

/** Adds `policy check`: whether a set of Cedar policies could be put in force. */
export function addPolicyCheck(command: Command): Command {
  return command.addCommand(
    addFolderOptions(
      new Command('check')
        .description('Whether a set of Cedar policies holds, and could be replaced again.')
        .argument(
          '[set]',
          'a folder with a file ID.cedar for each policy, or JSON {"id": "text"} (default: the set in force)',
        ),
    )
      .option('--write <folder>', 'also write the set there, a file for each policy, to be edited')
      .addHelpText(
        'after',
        `
Examples:
  $ beamkeeper policy check --write policies           the set in force of ./switch, to be edited
  $ beamkeeper policy check policies`,
      )
      .action(check),
  );
}

async function check(
  path: string | undefined,
  { data, json, write }: FolderOptions & { readonly write?: string },
): Promise<void> {
  const policySet =
    path === undefined
      ? (await readSwitch(data)).control.state.policySet
      : await readPolicySet(path);
  const sha256 = await checked(policySet, path ?? data);
  if (write !== undefined) await writePolicySet(write, policySet);
  const ids = Object.keys(policySet).sort();
  if (json) printJson({ command: 'policy check', sha256, policySet });
  else print(`${plural(ids.length, 'policy', 'policies')}, SHA-256 ${sha256}: ${ids.join(', ')}`);
}

/** @throws BeamkeeperError `POLICY_SET` with every fault */
async function checked(policySet: PolicySet, where: string): Promise<string> {
  const { cedarEngine } = await import('../../store/cedarEngine.ts');
  const faults = policySetFaults(cedarEngine, policySet);
  if (faults.length === 0) return cedarEngine.hashOf(policySet);
  throw new BeamkeeperError('POLICY_SET', `${where}: ${faults.join('\n  ')}`);
}
