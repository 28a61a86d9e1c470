import {
  auditDecisions,
  type ControlState,
  type DecisionAudit,
  type Entry,
  foldAll,
  type Impact,
  parseEntry,
  type SignatureCheck,
  verifySignatures,
} from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { checkLog, type NoteVerifier, type TileSource, toHex } from '../tlog/index.ts';
import { nodeSha256 } from './tlogStore.ts';

export interface AuditOptions {
  /** The public files of the `orders` log. */
  readonly source: TileSource;
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
  /** The signed checkpoint to check against. */
  readonly checkpoint: string;
  /** A tree head believed before: the log must extend it. */
  readonly previous?: { readonly size: number; readonly root: Uint8Array } | undefined;
  readonly onProgress?: (entries: number, ofEntries: number) => void;
}

/** What a whole log of orders was found to say. */
export interface SwitchAudit {
  readonly size: number;
  readonly root: Uint8Array;
  readonly entryBytes: number;
  /** Null when the entries are not those of a switch: then only the tree was checked. */
  readonly control: {
    readonly entries: readonly Entry[];
    readonly state: ControlState;
    /** The state after the first entries. */
    stateAt(size: number): ControlState;
    readonly signatureCount: number;
    /** Impact reports whose file is there and says what its entry says. */
    readonly impactCount: number;
    /** Impact reports whose file is not there. */
    readonly missingImpacts: readonly number[];
    /** Recorded decisions, replayed; none is fatal to the log. */
    readonly decisions: DecisionAudit;
  } | null;
}

/**
 * Checks a log of orders from its public files, trusting nothing but the keys given: every leaf, tile
 * and the root; that entries are canonical and form one chain a subject; every signature; the fold
 * with every quorum; and that each impact report is the one that its entry, and so each vote, names.
 * Verification level 2 of docs/log.md.
 *
 * @throws TlogError for the tree; BeamkeeperError `ENTRY`, `CANONICAL_JSON`, `GENESIS`, `LOG_ORDER`,
 *   `UNKNOWN_TYPE`, `IMPACT_REPORT`, naming the entry
 */
export async function auditSwitch(options: AuditOptions): Promise<SwitchAudit> {
  const { source, origin, verifiers, checkpoint, previous, onProgress } = options;
  const stored: Uint8Array[] = [];
  let entryBytes = 0;
  const total = Number(checkpoint.split('\n')[1]);
  const checked = await checkLog({
    sha256: nodeSha256,
    source,
    origin,
    verifiers,
    checkpoint,
    ...(previous ? { previous } : {}),
    onEntry(entry, index) {
      entryBytes += entry.length;
      // Those of another kind of log are only hashed.
      if (index === 0 ? isGenesis(entry) : stored.length > 0) stored.push(Uint8Array.from(entry));
      if (index % 1000 === 999) onProgress?.(index + 1, total);
    },
  });
  const tree = { size: checked.size, root: checked.root, entryBytes };
  if (stored.length === 0) return { ...tree, control: null };
  const entries = stored.map((bytes, index) => {
    try {
      return parseEntry(bytes);
    } catch (cause) {
      if (!(cause instanceof BeamkeeperError)) throw cause;
      throw new BeamkeeperError(cause.code, `entry ${index}: ${cause.message}`, {
        cause,
        isBadInput: false,
      });
    }
  });
  const signatures = await verifySignatures(nodeSha256, entries);
  const stateAt = (size: number): ControlState =>
    foldAll(entries.slice(0, size), { sha256: nodeSha256, holds: signatures.holds });
  const state = stateAt(entries.length);
  const impacts = await checkImpacts(source, entries, state);
  const decisions = await checkDecisions(source, entries, signatures.holds);
  return {
    ...tree,
    control: { entries, state, stateAt, signatureCount: signatures.count, ...impacts, decisions },
  };
}

function isGenesis(bytes: Uint8Array): boolean {
  try {
    return parseEntry(bytes).type === 'genesis/v1';
  } catch {
    return false;
  }
}

async function checkDecisions(
  source: TileSource,
  entries: readonly Entry[],
  holds: SignatureCheck,
): Promise<DecisionAudit> {
  if (!entries.some(({ type }) => type === 'decision/v1')) return { count: 0, mismatches: [] };
  const { cedarEngine } = await import('./cedarEngine.ts');
  return auditDecisions(cedarEngine, entries, { sha256: nodeSha256, holds }, hash =>
    source.read(`blob/${hash.slice(0, 2)}/${hash}`),
  );
}

async function checkImpacts(
  source: TileSource,
  entries: readonly Entry[],
  state: ControlState,
): Promise<{ impactCount: number; missingImpacts: number[] }> {
  const ineffective = new Set(state.ineffective.map(({ seq }) => seq));
  const missingImpacts: number[] = [];
  let impactCount = 0;
  for (const { seq, type, body } of entries) {
    if (type !== 'impact/v1' || ineffective.has(seq)) continue;
    const impact = body as Impact;
    const { reportSha256 } = impact;
    const bytes = await source.read(`blob/${reportSha256.slice(0, 2)}/${reportSha256}`);
    if (bytes === undefined) {
      missingImpacts.push(seq);
      continue;
    }
    const wrong = impactFault(bytes, impact);
    if (wrong !== undefined) {
      throw new BeamkeeperError(
        'IMPACT_REPORT',
        `entry ${seq}: the impact report ${reportSha256} ${wrong}`,
        { isBadInput: false },
      );
    }
    impactCount += 1;
  }
  return { impactCount, missingImpacts };
}

/** Why a report is not the one that its entry speaks of; undefined when it is. */
export function impactFault(bytes: Uint8Array, impact: Impact): string | undefined {
  if (toHex(nodeSha256(bytes)) !== impact.reportSha256) return 'has another hash';
  let report: { order?: { hash?: unknown }; headlines?: unknown; commitmentsTouched?: unknown };
  try {
    report = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return 'is no JSON';
  }
  if (report?.order?.hash !== impact.orderHash) return 'is about another order';
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const rows = (report.headlines ?? []) as Impact['headlines'];
  const plain = (h: Impact['headlines']): unknown =>
    h.map(({ name, low, central, high }) => [name, low, central, high]);
  if (!Array.isArray(rows) || !isSame(plain(rows), plain(impact.headlines))) {
    return 'has other headline numbers than its entry';
  }
  if (!isSame(report.commitmentsTouched, impact.touches)) {
    return 'touches other commitments than its entry';
  }
  return undefined;
}
