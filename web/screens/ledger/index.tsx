import '../../kit/kit.css';
import './ledger.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { EntryView } from '../../../src/control/views/entryView.ts';
import type { RosterView } from '../../../src/control/views/rosterView.ts';
import { followLog, get, revision, useResource } from '../../api/api.ts';
import { ActAs } from '../../kit/ActAs.tsx';
import { GoneBanner, Part, Tag, When } from '../../kit/parts.tsx';
import { SealedPart } from '../../kit/SealedPart.tsx';
import { navigate, route } from '../../shell/state.ts';
import { Verify } from './Verify.tsx';

const ROW_PX = 30;
const PAGE = 200;

interface Status {
  readonly origin: string;
  readonly size: number;
  readonly verifierKey: string;
  readonly checkpoint: string;
}

/** Every entry, newest first; each with whether it had an effect; checked in this page on demand. */
export default function Ledger() {
  useEffect(followLog, []);
  const status = useResource<Status>('/api/v1/status');
  const [entries, setEntries] = useState<readonly EntryView[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [filter, setFilter] = useState({ type: '', territory: '', actor: '' });
  const [broken, setBroken] = useState<number | null>(null);
  const { query } = route.value;
  const chosen = query['entry'] === undefined ? null : Number(query['entry']);
  const size = status.data?.size ?? 0;
  const oldest = entries.at(-1)?.index ?? size;
  const search = useMemo(() => {
    const wanted = Object.entries(filter).filter(([, value]) => value.trim() !== '');
    return wanted.map(([name, value]) => `&${name}=${encodeURIComponent(value.trim())}`).join('');
  }, [filter]);
  const grown = revision.value;
  useEffect(() => {
    if (size === 0) return;
    let isOld = false;
    get<EntryView[]>(`/api/v1/entries?before=${size}&limit=${PAGE}${search}`).then(
      page => {
        if (isOld) return;
        setEntries(page);
        setProblem(null);
      },
      (error: Error) => {
        if (!isOld) setProblem(error.message);
      },
    );
    return () => {
      isOld = true;
    };
  }, [size, search, grown]);
  const more = async (): Promise<void> => {
    const page = await get<EntryView[]>(`/api/v1/entries?before=${oldest}&limit=${PAGE}${search}`);
    setEntries([...entries, ...page]);
  };
  return (
    <div class="sheet">
      <GoneBanner />
      <div class="two">
        <div>
          <Part
            title={status.data ? `${status.data.origin}, ${size} entries` : 'Ledger'}
            aside={<a href="/feed.atom">Feed</a>}
          >
            <div class="fields">
              {(['type', 'territory', 'actor'] as const).map(name => (
                <label key={name}>
                  <span>
                    {name === 'type' ? 'Kind' : name === 'territory' ? 'Territory' : 'Actor'}
                  </span>
                  <input
                    value={filter[name]}
                    placeholder={
                      name === 'type'
                        ? 'order, vote, …'
                        : name === 'territory'
                          ? 'code'
                          : 'person:…'
                    }
                    onInput={event => setFilter({ ...filter, [name]: event.currentTarget.value })}
                  />
                </label>
              ))}
            </div>
            {problem !== null && (
              <p class="bad" role="alert">
                {problem}
              </p>
            )}
            <Rows
              entries={entries}
              chosen={chosen}
              broken={broken}
              onEnd={oldest > 0 ? more : null}
            />
            {entries.length === 0 && status.data && <p class="muted">No entry matches.</p>}
          </Part>
        </div>
        <div>
          {status.data && (
            <Verify
              verifierKey={status.data.verifierKey}
              onResult={result => setBroken(result.kind === 'failed' ? (result.entry ?? 0) : null)}
            />
          )}
          {chosen !== null && <Detail index={chosen} />}
        </div>
      </div>
    </div>
  );
}

/** Only the rows in sight are in the page. */
function Rows({
  entries,
  chosen,
  broken,
  onEnd,
}: {
  entries: readonly EntryView[];
  chosen: number | null;
  broken: number | null;
  onEnd: (() => Promise<void>) | null;
}) {
  const box = useRef<HTMLElement>(null);
  const [top, setTop] = useState(0);
  const isLoading = useRef(false);
  const height = 560;
  const first = Math.max(0, Math.floor(top / ROW_PX) - 5);
  const last = Math.min(entries.length, first + Math.ceil(height / ROW_PX) + 10);
  const open = (index: number): void => navigate('/ledger', { entry: String(index) });
  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    setTop(element.scrollTop);
    const isNearEnd = element.scrollTop + height > entries.length * ROW_PX - 300;
    if (!isNearEnd || isLoading.current || onEnd === null || entries.length % PAGE !== 0) return;
    isLoading.current = true;
    void onEnd().finally(() => {
      isLoading.current = false;
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = entries.findIndex(({ index }) => index === chosen);
    const next = entries[Math.max(0, Math.min(entries.length - 1, at + step))];
    if (!next) return;
    open(next.index);
    const y = (at + step) * ROW_PX;
    const element = box.current;
    if (element && (y < element.scrollTop || y > element.scrollTop + height - ROW_PX)) {
      element.scrollTop = Math.max(0, y - height / 2);
    }
  };
  return (
    <section
      class="entries"
      aria-label={`${entries.length} entries, newest first`}
      ref={box}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      style={{ maxHeight: `${height}px` }}
    >
      <div style={{ height: `${entries.length * ROW_PX}px`, position: 'relative' }}>
        {entries.slice(first, last).map((entry, i) => {
          const isBroken = broken === entry.index;
          const isDoubtful = broken !== null && entry.index > broken;
          return (
            <button
              type="button"
              key={entry.index}
              aria-pressed={entry.index === chosen}
              class={`entry${isBroken ? ' broken' : ''}${isDoubtful ? ' doubtful' : ''}`}
              style={{ top: `${(first + i) * ROW_PX}px` }}
              onClick={() => open(entry.index)}
            >
              <span class="mono index">{entry.index}</span>
              <When at={entry.time} />
              <span class="kind">{entry.type.replace('/v1', '')}</span>
              <span class="subject">
                {entry.subject} <span class="muted">{entry.actor}</span>
              </span>
              <span class="effect">
                {isBroken && <Tag tone="bad">broken</Tag>}
                {isDoubtful && <Tag>not proven</Tag>}
                {entry.seal && <Tag tone="warn">sealed part</Tag>}
                {entry.ineffective !== null && <Tag>no effect</Tag>}
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function Detail({ index }: { index: number }) {
  const { data: entry, error } = useResource<EntryView>(`/api/v1/entries/${index}`);
  const roster = useResource<RosterView>(entry?.seal ? '/api/v1/roster' : null);
  if (error && !entry) {
    return (
      <Part title={`Entry ${index}`}>
        <p class="bad">{error.message}</p>
      </Part>
    );
  }
  if (!entry) return null;
  const [place] = entry.territories;
  return (
    <Part title={`Entry ${entry.index}`} aside={<Tag>{entry.type}</Tag>}>
      <dl class="facts">
        <dt>Time</dt>
        <dd>
          <When at={entry.time} /> UTC
        </dd>
        <dt>Actor</dt>
        <dd>{entry.actor}</dd>
        <dt>Subject</dt>
        <dd>{entry.subject}</dd>
        <dt>Entry before it on this</dt>
        <dd>
          {entry.prev === null ? (
            'none'
          ) : (
            <button
              type="button"
              class="plain"
              onClick={() => navigate('/ledger', { entry: String(entry.prev) })}
            >
              {entry.prev}
            </button>
          )}
        </dd>
        {entry.ineffective !== null && (
          <>
            <dt>Effect</dt>
            <dd class="warn">none: {entry.ineffective}</dd>
          </>
        )}
        {place !== undefined && (
          <>
            <dt>Map</dt>
            <dd>
              <a href={`/what-if?t=${entry.time.slice(0, 19)}Z&sel=terr:${place}`}>
                {place} at that instant
              </a>
            </dd>
          </>
        )}
      </dl>
      {entry.seal && (
        <SealedPart
          seal={entry.seal}
          entryIndex={entry.index}
          who={<ActAs roster={roster.data} />}
          orderId={entry.type === 'order/v1' ? (entry.body as { id: string }).id : undefined}
        />
      )}
      <h3>Prove it elsewhere</h3>
      <p class="small">
        <a href={`/api/v1/entries/${index}/proof`} download={`entry-${index}.tlog-proof`}>
          entry-{index}.tlog-proof
        </a>{' '}
        and{' '}
        <a href={`/api/v1/entries/${index}/raw`} download={`entry-${index}.entry`}>
          entry-{index}.entry
        </a>
        , then, with no network and a policy that you trust:
      </p>
      <pre>npx beamkeeper ledger check entry-{index}.tlog-proof --policy trust.txt</pre>
      <h3>Body</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre tabIndex={0}>{JSON.stringify(entry.body, shortened, 2)}</pre>
    </Part>
  );
}

/** Lists of thousands of cells are told by their length. */
function shortened(_: string, value: unknown): unknown {
  if (!Array.isArray(value) || value.length <= 12) return value;
  return [...value.slice(0, 8), `… ${value.length - 8} more`];
}
