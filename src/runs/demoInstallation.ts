import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clearance,
  DEFAULT_POLICIES,
  DEFAULT_RULES,
  type Genesis,
  type MachineId,
  type PersonId,
  type Role,
  type Roster,
  type Seat,
} from '../control/index.ts';
import { type AgeIdentity, createAgeIdentity } from '../store/ageKeys.ts';
import { openSealStore } from '../store/sealStore.ts';
import { createSigningKey, readSigningKey } from '../store/signingKey.ts';
import { openSwitch, type SwitchOptions, type SwitchStore } from '../store/switchStore.ts';
import type { KeyedSigner } from '../tlog/index.ts';
import { territoryRecord } from './territoryRecord.ts';

/** What checkpoints of a demo installation call its logs, before `/orders` and `/access`. */
const DEMO_ORIGIN = 'demo.beamkeeper.example/switch';
/** Where the keys of the demo's people lie, in the folder of the log's own keys. */
const PEOPLE_FOLDER = 'people';

/** A stand-in for the territory of the story; it says nothing about the place. */
export const DEMO_TERRITORY = 'URY';
/** Five more stand-ins, and six over which satellite service has been in the news. */
const OTHER_TERRITORIES = [
  ...['CRI', 'EST', 'ISL', 'LKA', 'RWA'],
  ...['CRIMEA', 'IRN', 'RUS', 'SDN', 'TWN', 'UKR'],
];

/** Who is who: employer, and what he may do without a vote. */
const PEOPLE: Readonly<Record<PersonId, readonly [employer: string, ...roles: Role[]]>> = {
  'person:service-director': ['org:operator'],
  'person:general-counsel': ['org:operator'],
  'person:drafter': ['org:operator', 'drafter'],
  'person:executor': ['org:operator', 'executor'],
  'person:administrator': ['org:operator', 'admin'],
  'person:owner': ['org:holding'],
  'person:trustee': ['org:trust'],
  'person:independent-director': ['org:directors'],
  'person:regulator': ['org:regulator'],
  'person:deputy-regulator': ['org:ministry'],
  'person:customers-delegate': ['org:customers'],
  'person:overseer-a': ['org:parliament-a', 'auditor'],
  'person:overseer-b': ['org:parliament-b', 'auditor'],
  'person:hospitals-delegate': ['org:hospitals'],
};
const ORGANISATIONS: Readonly<Record<string, readonly [name: string, beneficialOwner: string]>> = {
  'org:operator': ['The operator', 'holding'],
  'org:holding': ["The owner's holding", 'holding'],
  'org:trust': ['An independent trust', 'trust'],
  'org:directors': ['An office of independent directors', 'directors'],
  'org:regulator': ['The regulator', 'state'],
  'org:ministry': ['A ministry of the territory', 'ministry'],
  'org:customers': ['The association of customers', 'customers'],
  'org:parliament-a': ['An oversight committee of state A', 'state-a'],
  'org:parliament-b': ['An oversight committee of state B', 'state-b'],
  'org:hospitals': ['The hospitals of the territory', 'hospitals'],
};

export const DEMO_TWIN: MachineId = 'key:twin';
export const DEMO_ADAPTER: MachineId = 'key:adapter';

/** The one who is cleared to read sealed parts; his age identity lies beside his key. */
export const DEMO_READER: PersonId = 'person:overseer-a';
const CLEARED_DAYS = 365;

function rosterOf(fromMs: number, origin: string, recipient: string): Roster {
  const from = new Date(fromMs).toISOString();
  const clearance: Clearance = {
    level: 2,
    compartments: [],
    state: 'AAA',
    until: new Date(fromMs + CLEARED_DAYS * 86_400_000).toISOString(),
    recipient,
  };
  const calendar = { utcOffsetMinutes: 0, weekendDays: [0, 6], holidays: [] };
  const seat = (
    id: string,
    office: Seat['office'],
    jurisdiction: string,
    holder: PersonId,
    alternates: Seat['alternates'] = [],
  ): Seat => ({ id, office, jurisdiction, holder, from, alternates, calendar });
  return {
    demo: true,
    relyingParty: { id: new URL(origin).hostname, origin },
    organisations: Object.entries(ORGANISATIONS).map(([id, [name, beneficialOwner]]) => ({
      id,
      name,
      beneficialOwner,
    })),
    persons: Object.entries(PEOPLE).map(([id, [employer, ...roles]]) => ({
      id,
      employer,
      roles,
      ...(id === DEMO_READER && { clearance }),
    })),
    machines: [
      { id: DEMO_TWIN, role: 'twin' },
      { id: DEMO_ADAPTER, role: 'adapter' },
    ],
    seats: [
      seat('operator.service', 'operator.service', 'AAA', 'person:service-director', [
        { person: 'person:trustee', isIndependent: true },
      ]),
      seat('operator.legal', 'operator.legal', 'AAA', 'person:general-counsel', [
        { person: 'person:independent-director', isIndependent: true },
      ]),
      seat('owner', 'owner', 'AAA', 'person:owner'),
      seat('regulator', 'regulator', DEMO_TERRITORY, 'person:regulator', [
        { person: 'person:deputy-regulator', isIndependent: false },
      ]),
      seat('customer', 'customer', DEMO_TERRITORY, 'person:customers-delegate'),
      seat('oversight.a', 'oversight', 'AAA', 'person:overseer-a'),
      seat('oversight.b', 'oversight', 'BBB', 'person:overseer-b'),
      seat('commitment.hospitals', 'commitment', DEMO_TERRITORY, 'person:hospitals-delegate'),
    ],
  };
}

export interface DemoOptions extends Pick<SwitchOptions, 'nowMs' | 'witnessPolicy' | 'exchange'> {
  /** For which page passkeys sign. */
  readonly pageOrigin?: string;
}

/** A switch with made-up people, whose keys all lie in one place: for trying things out. */
export interface Demo {
  readonly store: SwitchStore;
  /** With which {@link DEMO_READER} opens what is released to him. */
  readonly reader: AgeIdentity;
  /** The signing key of a person or machine. */
  signer(holder: PersonId | MachineId): KeyedSigner;
}

/**
 * Begins a demo installation in an empty folder: neutral people and organisations, a key for each, the
 * default rules, one territory that is off without a declaration, and a few that are on.
 *
 * @throws BeamkeeperError `SWITCH_EXISTS` when the folder holds a switch
 */
export async function beginDemo(
  dataFolder: string,
  keysFolder: string,
  options: DemoOptions = {},
): Promise<Demo> {
  const { nowMs = Date.now, pageOrigin = 'http://localhost:7300', ...rest } = options;
  const folder = join(keysFolder, PEOPLE_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const signers = new Map<string, KeyedSigner>();
  for (const holder of [...Object.keys(PEOPLE), DEMO_TWIN, DEMO_ADAPTER]) {
    signers.set(holder, await createSigningKey(holder, join(folder, keyFileOf(holder))));
  }
  const reader = await createAgeIdentity(join(folder, ageFileOf(DEMO_READER)));
  const escrow = await createAgeIdentity(join(keysFolder, 'escrow.age'));
  await openSealStore({ dataFolder, keysFolder }, escrow.recipient);
  const territories = [DEMO_TERRITORY, ...OTHER_TERRITORIES].map(id => territoryRecord(id));
  const genesis: Genesis = {
    roster: rosterOf(nowMs(), pageOrigin, reader.recipient),
    keys: [...signers].map(([holder, { verifierKey }]) => ({
      holder,
      publicKey: { kind: 'note', verifierKey },
    })),
    rules: DEFAULT_RULES,
    policySet: DEFAULT_POLICIES,
    territories,
    normal: [{ territory: { id: DEMO_TERRITORY, version: 1 }, constraint: { kind: 'off' } }],
  };
  const store = await openSwitch(
    { ...rest, dataFolder, keysFolder, nowMs, origin: DEMO_ORIGIN },
    genesis,
  );
  return { store, reader, signer: holder => signers.get(holder)! };
}

/** The keys of a demo's people and machines, by holder; empty where there is no demo. */
export async function readDemoKeys(keysFolder: string): Promise<ReadonlyMap<string, KeyedSigner>> {
  const folder = join(keysFolder, PEOPLE_FOLDER);
  const files = await readdir(folder).catch(() => []);
  const keyFiles = files.filter(file => file.endsWith('.key')).sort();
  const signers = await Promise.all(keyFiles.map(file => readSigningKey(join(folder, file))));
  return new Map(signers.map(signer => [signer.name, signer]));
}

/** Of a demo's person: what is in his files. */
export interface DemoKey {
  readonly key: string;
  /** With which he opens what is released to him; of the one who is cleared. */
  readonly identity?: string;
}

/** The same keys as their files hold them: a demo hands them to its page. */
export async function readDemoKeyTexts(keysFolder: string): Promise<ReadonlyMap<string, DemoKey>> {
  const folder = join(keysFolder, PEOPLE_FOLDER);
  const textOf = async (file: string): Promise<string> =>
    (await readFile(join(folder, file), 'utf8')).trim();
  const texts = new Map<string, DemoKey>();
  for (const [holder] of await readDemoKeys(keysFolder)) {
    const key = await textOf(keyFileOf(holder));
    const isReader = holder === DEMO_READER;
    texts.set(holder, { key, ...(isReader && { identity: await textOf(ageFileOf(holder)) }) });
  }
  return texts;
}

function ageFileOf(holder: string): string {
  return keyFileOf(holder).replace(/key$/, 'age');
}

/** `person:owner` → `owner.key`. */
function keyFileOf(holder: string): string {
  return `${holder.replace(/^[a-z]+:/, '')}.key`;
}
