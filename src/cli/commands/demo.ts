import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { demoSwitch } from '../../runs/demoSwitch.ts';
import { print, printJson } from '../output.ts';
import { createProgressLine } from '../progressLine.ts';

interface DemoOptions {
  readonly keep?: string;
  readonly json?: boolean;
}

export function demoCommand(): Command {
  const demo = new Command('demo').description('Stories that show what the system does.');
  demo
    .command('switch')
    .description(
      'A third party asks the owner to keep a territory dark: played through the whole switch.',
    )
    .option('--keep <folder>', 'leave the log, keys and proofs there, to look at them')
    .option('--json', 'the scenes as JSON on standard output')
    .addHelpText(
      'after',
      `
Roles are neutral, the territory is a stand-in, people and keys are made up; rules, signatures, the log,
the witness and the twin are the real ones. It takes about half a minute, and fails if any rule does not hold.

Examples:
  beamkeeper demo switch
  beamkeeper demo switch --keep story`,
    )
    .action(playSwitch);
  return demo;
}

async function playSwitch({ keep, json = false }: DemoOptions): Promise<void> {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'beamkeeper-demo-')));
  const progress = createProgressLine('impact', json);
  const scenes: unknown[] = [];
  try {
    const outcome = await demoSwitch({
      dataFolder: folder,
      keysFolder: `${folder}-keys`,
      endMs: Date.now(),
      onProgress: progress.update,
      onScene(scene) {
        scenes.push(scene);
        progress.clear();
        if (json) return;
        print(
          [`${scenes.length}. ${scene.title}`, ...scene.lines.map(l => `   ${l}`), ''].join('\n'),
        );
      },
    });
    if (json) {
      printJson({ command: 'demo switch', folder: keep ?? null, scenes, ...outcome });
      return;
    }
    print(
      keep === undefined
        ? 'To look at the files and check them yourself: beamkeeper demo switch --keep story'
        : [
            'Check it yourself:',
            `  beamkeeper ledger verify ${folder}/ledger/orders --policy ${outcome.trustFile}`,
            `  beamkeeper ledger check ${outcome.proofFile} --policy ${outcome.trustFile}`,
            `  beamkeeper ledger verify ${folder}/tampered --policy ${outcome.trustFile}   (fails)`,
          ].join('\n'),
    );
  } finally {
    progress.clear();
    if (keep === undefined) {
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}-keys`, { recursive: true, force: true });
    }
  }
}
