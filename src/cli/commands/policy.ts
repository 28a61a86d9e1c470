import { Command } from 'commander';
import { latLngToCell } from 'h3-js';
import {
  CLASSES,
  type CustomerClass,
  cellStateAt,
  policyAt,
  SCOPE_RESOLUTION,
} from '../../control/index.ts';
import { BeamkeeperError } from '../../orbits/index.ts';
import { plural } from '../../runs/numbers.ts';
import { readSwitch } from '../../store/readSwitch.ts';
import { oneOf } from '../optionValues.ts';
import { print, printJson } from '../output.ts';
import { addFolderOptions, type FolderOptions, instantOption } from '../switchOptions.ts';
import { textTable, wordColumns } from '../textTable.ts';
import { addPolicyCheck } from './policyCheck.ts';
import { addPolicyPropose } from './policyPropose.ts';

export function policyCommand(): Command {
  const command = new Command('policy')
    .description('Who may be served where, and who may do what, as decided in the log.')
    .addCommand(showCommand());
  return addPolicyPropose(addPolicyCheck(command));
}

interface ShowOptions extends FolderOptions {
  readonly at: string;
  readonly point?: string;
  readonly class: CustomerClass;
}

function showCommand(): Command {
  return addFolderOptions(
    new Command('show').description('The policy in force at an instant, past or future.'),
  )
    .option('--at <instant>', 'UTC, or now', instantOption('--at'), new Date().toISOString())
    .option('--point <lat,lon>', 'only the state of the cell around a place, degrees')
    .option(
      '--class <name>',
      'for --point: of which customers',
      oneOf('--class', CLASSES),
      'fixed' as const,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper policy show
  $ beamkeeper policy show --at 2026-12-24T00:00:00Z --json
  $ beamkeeper policy show --point -34.9,-56.2`,
    )
    .action(show);
}

async function show({ data, json, at, point, class: one }: ShowOptions): Promise<void> {
  const { state } = (await readSwitch(data)).control;
  if (point !== undefined) {
    const cell = cellOf(point);
    const service = cellStateAt(state, cell, at, one);
    if (json) printJson({ command: 'policy show', at, cell, class: one, state: service });
    else print(`${point} (cell ${cell}), ${one}, at ${at}: ${service}`);
    return;
  }
  const { rules } = policyAt(state, at);
  if (json) {
    printJson({
      command: 'policy show',
      at,
      logSize: state.size,
      rules: rules.map(({ label, cells, terminals, action }) => ({
        label,
        action,
        terminals: terminals ?? 'all',
        cells: [...cells].map(cell => cell.toString(16)),
      })),
    });
    return;
  }
  const rows = rules.map(({ label, cells, terminals, action }) => [
    label ?? '',
    Object.entries(action)
      .map(([name, value]) => (name === 'kind' ? String(value) : `${name} ${value}`))
      .join(' '),
    plural(cells.length, 'cell', 'cells'),
    terminals?.join(', ') ?? 'all terminals',
  ]);
  print(
    rows.length === 0
      ? `At ${at} service is on everywhere, as far as this log decides.`
      : [
          `At ${at}:`,
          ...textTable(wordColumns('because of', 'service', 'where', 'for'), rows),
        ].join('\n'),
  );
}

function cellOf(point: string): string {
  const [lat, lon, ...rest] = point
    .split(',')
    .map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || rest.length > 0) {
    throw new BeamkeeperError(
      'OPTION',
      `--point "${point}": give LAT,LON in degrees, like -34.9,-56.2`,
    );
  }
  return latLngToCell(lat, lon, SCOPE_RESOLUTION);
}
