import { useEffect, useState } from 'preact/hooks';
import type { SealCarriers } from '../../src/control/seals/sealBody.ts';
import { type Marking, SEAL_REASONS, type Seal, type SealReason } from '../../src/control/types.ts';
import type { RosterView } from '../../src/control/views/rosterView.ts';
import { actor } from '../api/actor.ts';
import { logNowMs } from '../api/demoClock.ts';
import type { PreparedSeal } from '../api/seals.ts';
import { Part } from './parts.tsx';

const REVIEW_DAYS = 180;
const DAY_MS = 86_400_000;

/** A draft whose sealed parts are with the release service: only its author's signature is missing. */
export type SealedDraft<T extends keyof SealCarriers> = SealCarriers[T] & {
  readonly seal?: Seal;
};

/** A part that may be kept back: the name of its field, and what a person calls it. */
export type SealablePart = readonly [name: string, words: string];

/** How high each part is marked, by its name; absent: public. */
export type Levels = Readonly<Record<string, number>>;

/** Parts of a draft that are to be kept back: until they are sealed it must not be filed. */
export function markedParts(parts: readonly SealablePart[], levels: Levels): SealablePart[] {
  return parts.filter(([name]) => (levels[name] ?? 0) > 0);
}

/**
 * Keeps parts of a draft back: its author says which and why, a second person signs, and only then the
 * draft can be filed with digests in their places.
 */
export function SealDraft<T extends keyof SealCarriers>({
  type,
  body,
  author,
  parts,
  roster,
  edition,
  isSealed,
  levels,
  setLevels,
  onSealed,
}: {
  type: T;
  body: SealCarriers[T];
  /** Who files it: the second person is another. */
  author: string;
  parts: readonly SealablePart[];
  roster: RosterView | null;
  /** Changes with the draft: what was prepared is then of another one. */
  edition: object;
  /** Nothing is asked then, but what was marked stays marked, should the draft change. */
  isSealed: boolean;
  levels: Levels;
  setLevels: (levels: Levels) => void;
  onSealed: (draft: SealedDraft<T>, author: string) => void;
}) {
  const [compartments, setCompartments] = useState('');
  const [reason, setReason] = useState<SealReason>('sources');
  const [authority, setAuthority] = useState('');
  const [second, setSecond] = useState('');
  const [prepared, setPrepared] = useState<(PreparedSeal<T> & { author: string }) | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setPrepared(null), [edition]);
  const by = actor.value;
  const seats = roster?.seats ?? [];
  const seconds = [...new Set(seats.map(({ holder }) => holder))].filter(one => one !== author);
  const chosen = markedParts(parts, levels);
  const attempt = (work: () => Promise<void>): void => {
    setProblem(null);
    work().catch((error: Error) => setProblem(error.message));
  };
  const prepare = async (): Promise<void> => {
    const { prepareSeal } = await import('../api/seals.ts');
    const inside = compartments.split(',').map(one => one.trim());
    const marking = (name: string): Marking => ({
      level: levels[name],
      compartments: inside.filter(one => one !== '').sort(),
    });
    const marked = Object.fromEntries(chosen.map(([name]) => [name, marking(name)]));
    const reviewBy = new Date(logNowMs() + REVIEW_DAYS * DAY_MS).toISOString();
    const terms = { authority, reason, reviewBy, second };
    setPrepared({ ...(await prepareSeal(type, body, marked, terms)), author });
  };
  const sign = async (): Promise<void> => {
    if (by === null || prepared === null) return;
    const { secondSeal } = await import('../api/seals.ts');
    onSealed(await secondSeal(by, prepared), prepared.author);
  };
  if (isSealed) return null;
  if (prepared) {
    return (
      <Part title="Keep parts back">
        <p>
          {[...prepared.made.digests.keys()].join(', ')}: encrypted in this page. Nobody seals
          alone: {second} signs too, and is to read what is kept back above.
        </p>
        <div class="row">
          <button type="button" disabled={by?.name !== second} onClick={() => attempt(sign)}>
            Sign the seal as {second.replace('person:', '')}
          </button>
          <button type="button" onClick={() => setPrepared(null)}>
            Back
          </button>
        </div>
        {by?.name !== second && <p class="small muted">Choose {second} under “Sign as”.</p>}
        {problem !== null && (
          <p class="bad" role="alert">
            {problem}
          </p>
        )}
      </Part>
    );
  }
  return (
    <Part title="Keep parts back">
      <details open={chosen.length > 0}>
        <summary>Seal parts of this draft</summary>
        <p class="small muted">
          What is sealed is read only by those whom the roster clears, and each read is logged
          first. That there is something, who sealed it, why and until when stays public.
        </p>
        {parts.map(([name, words]) => (
          <div class="fields" key={name}>
            <label>
              <span>{words}</span>
              <select
                value={String(levels[name] ?? 0)}
                onChange={event =>
                  setLevels({ ...levels, [name]: Number(event.currentTarget.value) })
                }
              >
                <option value="0">public</option>
                <option value="1">confidential</option>
                <option value="2">secret</option>
                <option value="3">top secret</option>
              </select>
            </label>
          </div>
        ))}
        <div class="fields">
          <label>
            <span>Compartments (comma between; empty: none)</span>
            <input
              value={compartments}
              onInput={event => setCompartments(event.currentTarget.value)}
            />
          </label>
          <label>
            <span>Why it is sealed</span>
            <select
              value={reason}
              onChange={event => setReason(event.currentTarget.value as SealReason)}
            >
              {SEAL_REASONS.map(one => (
                <option key={one} value={one}>
                  {one.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>On whose authority</span>
            <select value={authority} onChange={event => setAuthority(event.currentTarget.value)}>
              <option value="" disabled>
                a seat
              </option>
              {seats.map(({ id }) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          </label>
          <label>
            <span>Second person, who signs too</span>
            <select value={second} onChange={event => setSecond(event.currentTarget.value)}>
              <option value="" disabled>
                holds a seat
              </option>
              {seconds.map(one => (
                <option key={one} value={one}>
                  {one.replace('person:', '')}
                </option>
              ))}
            </select>
          </label>
        </div>
        <button
          type="button"
          disabled={chosen.length === 0 || authority === '' || second === ''}
          onClick={() => attempt(prepare)}
        >
          Seal {chosen.length} {chosen.length === 1 ? 'part' : 'parts'}
        </button>
        {problem !== null && (
          <p class="bad" role="alert">
            {problem}
          </p>
        )}
      </details>
    </Part>
  );
}
