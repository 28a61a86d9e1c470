import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ReadPurpose } from '../../src/control/seals/readRequest.ts';
import type { Marking, Seal } from '../../src/control/types.ts';
import { actor } from '../api/actor.ts';
import type { ReadPart } from '../api/seals.ts';
import { Tag } from './parts.tsx';

/** Of an entry's text: what it says, or that it is kept back. */
export function Said({ text }: { text: string }): ComponentChildren {
  return text.startsWith('sealed:') ? <span class="sealed">sealed</span> : text;
}

const LEVELS = ['public', 'confidential', 'secret', 'top secret'];

/** That something is kept back, by whom and until when; and for who is cleared, a way to read it. */
export function SealedPart({
  seal,
  entryIndex,
  orderId,
  who,
}: {
  seal: Pick<Seal, 'id' | 'authority' | 'reason' | 'reviewBy'>;
  entryIndex: number;
  /** Of an order: the usual purpose of a reader. */
  orderId?: string | undefined;
  /** Where the screen has no other place to choose who signs. */
  who?: ComponentChildren;
}) {
  return (
    <div class="sealed-part">
      <p class="sealed">
        {`A part is sealed by ${seal.authority}: ${seal.reason.replaceAll('_', ' ')}; review by ${seal.reviewBy.slice(0, 10)}`}
      </p>
      <details>
        <summary>Read the sealed part</summary>
        {who}
        <ReadForm key={entryIndex} entryIndex={entryIndex} orderId={orderId} />
      </details>
    </div>
  );
}

function ReadForm({ entryIndex, orderId }: { entryIndex: number; orderId: string | undefined }) {
  const [kind, setKind] = useState<ReadPurpose['kind']>(orderId === undefined ? 'duty' : 'order');
  const [about, setAbout] = useState(orderId ?? '');
  const [file, setFile] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [part, setPart] = useState<ReadPart | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const asking = useRef(0);
  const by = actor.value;
  // What one person reads is gone when another takes his place.
  const readAs = useRef<string | null>(null);
  const identity = by?.identity ?? file;
  const isPerson = by?.name.startsWith('person:') === true;
  const read = async (): Promise<void> => {
    if (by === null || identity === null) return;
    const mine = ++asking.current;
    setIsBusy(true);
    setProblem(null);
    setPart(null);
    try {
      const { readSealed } = await import('../api/seals.ts');
      const found = await readSealed(by, entryIndex, { kind, about }, identity);
      if (mine !== asking.current) return;
      readAs.current = by.name;
      setPart(found);
    } catch (error) {
      if (mine === asking.current) setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  };
  const shown = part !== null && readAs.current === by?.name ? part : null;
  return (
    <>
      <p class="small muted">
        Before any key is released, the access log says that somebody read. Who is not cleared gets
        the same answer as if there were nothing.
      </p>
      <div class="fields">
        <label>
          <span>Purpose</span>
          <select
            value={kind}
            onChange={event => setKind(event.currentTarget.value as ReadPurpose['kind'])}
          >
            <option value="order">an order</option>
            <option value="review">a review that is owed</option>
            <option value="duty">a duty of mine</option>
          </select>
        </label>
        <label>
          <span>{kind === 'duty' ? 'My seat or role' : 'Which order'}</span>
          <input value={about} onInput={event => setAbout(event.currentTarget.value)} />
        </label>
        {by?.identity === undefined && (
          <label>
            <span>Your age identity (it stays in this page)</span>
            <input
              type="file"
              onChange={event => {
                const [chosen] = event.currentTarget.files ?? [];
                if (chosen) void chosen.text().then(setFile);
              }}
            />
          </label>
        )}
      </div>
      <button
        type="button"
        disabled={isBusy || !isPerson || identity === null || about.trim() === ''}
        onClick={() => void read()}
      >
        {isPerson ? `Sign and read as ${by?.name.replace('person:', '')}` : 'Sign and read'}
      </button>
      {!isPerson && <p class="small">Choose first who you are: whose key signs.</p>}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      {shown && (
        <div role="status">
          <p class="good">
            Entry {shown.accessEntry} of the access log says that you read. It agrees with what was
            sealed in entry {entryIndex}:
          </p>
          <dl class="facts">
            {shown.groups.flatMap(({ marking, portions }) =>
              portions.map(({ name, value }) => (
                <Portion key={name} name={name} value={value} marking={marking} />
              )),
            )}
          </dl>
        </div>
      )}
    </>
  );
}

function Portion({ name, value, marking }: { name: string; value: unknown; marking: Marking }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {typeof value === 'string' ? `“${value}”` : <code>{JSON.stringify(value)}</code>}{' '}
        <Tag tone="warn">{markingText(marking)}</Tag>
      </dd>
    </>
  );
}

function markingText({ level, compartments, releasableTo }: Marking): string {
  const to = releasableTo ? [`to ${releasableTo.join(', ') || 'nobody'}`] : [];
  return [LEVELS[level] ?? String(level), ...compartments, ...to].join(' / ');
}
