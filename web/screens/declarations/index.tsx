import '../../kit/kit.css';
import { useEffect, useState } from 'preact/hooks';
import { type Declaration, REASON_CODES } from '../../../src/control/types.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import type { RosterView } from '../../../src/control/views/rosterView.ts';
import type { TerritoryView } from '../../../src/control/views/territoryView.ts';
import { actor, attested } from '../../api/actor.ts';
import { followLog, post, useResource } from '../../api/api.ts';
import { logNowMs } from '../../api/demoClock.ts';
import { ActAs } from '../../kit/ActAs.tsx';
import { CellsMap } from '../../kit/CellsMap.tsx';
import { GoneBanner, Part, stateOf, Tag, type Tone, When } from '../../kit/parts.tsx';
import { saveFile } from '../../kit/saveFile.ts';
import { useKept } from '../../kit/useKept.ts';
import { announce, navigate, route } from '../../shell/state.ts';

const DAY_MS = 86_400_000;
const ATTEST =
  'I have made enquiry; no request, contact or interest bears on this other than those listed.';

interface Form {
  readonly reason: Declaration['reason'];
  readonly days: number;
  readonly alternatives: string;
  readonly orderHash: string;
  readonly text: string;
  /** Signed by one at least: what it says stands. */
  readonly draft: Declaration | null;
}
const EMPTY: Form = {
  reason: 'unlicensed',
  days: 30,
  alternatives: '',
  orderHash: '',
  text: ATTEST,
  draft: null,
};

interface Outline extends TerritoryView {
  readonly cellsCompact: readonly string[];
  readonly borderBand: readonly string[];
}

/** Every territory: what it gets, why, who signed for it, until when; silence on top. */
export default function Declarations() {
  useEffect(followLog, []);
  const territories = useResource<TerritoryView[]>('/api/v1/territories');
  const roster = useResource<RosterView>('/api/v1/roster');
  const orders = useResource<OrderView[]>('/api/v1/orders');
  const { query } = route.value;
  const chosen = query['territory'] ?? territories.data?.[0]?.id;
  const shown = territories.data?.find(({ id }) => id === chosen);
  return (
    <div class="sheet">
      <GoneBanner />
      <h1>Territories</h1>
      <p class="muted">
        Each territory that is kept off or restricted has a signed reason that expires. Where there
        is none, everybody sees it, with the days counted.
      </p>
      <div class="two">
        <Part title="State, reason, signers">
          {stateOf(territories, 'territories') ?? (
            <div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th>Territory</th>
                    <th>Service</th>
                    <th>Because of</th>
                    <th>Declared</th>
                    <th>Until</th>
                  </tr>
                </thead>
                <tbody>
                  {territories.data?.map(territory => (
                    <Row
                      key={territory.id}
                      territory={territory}
                      isShown={territory.id === chosen}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {territories.error && chosen !== undefined && !shown && territories.data && (
            <p class="warn">No territory {chosen} is in this log.</p>
          )}
        </Part>
        <div>
          <Part title="Sign as">
            <ActAs roster={roster.data} />
          </Part>
          {shown && <Detail key={shown.id} territory={shown} />}
          {shown && shown.state !== 'on' && (
            <NewDeclaration
              key={`new ${shown.id}`}
              territory={shown}
              roster={roster.data}
              orders={orders.data ?? []}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function Row({ territory, isShown }: { territory: TerritoryView; isShown: boolean }) {
  const [live] = territory.declarations.filter(({ isLive }) => isLive);
  const undeclared = territory.flags.find(({ flag }) => flag === 'undeclared');
  return (
    <tr>
      <td>
        <button
          type="button"
          class="plain"
          aria-pressed={isShown}
          onClick={() => navigate('/declarations', { territory: territory.id })}
        >
          {territory.name}
        </button>
      </td>
      <td>
        <Tag tone={toneOf(territory.state)}>{territory.state}</Tag>
      </td>
      <td>{territory.because.join(', ') || <span class="muted">—</span>}</td>
      <td>
        {undeclared ? (
          <Tag tone="bad">undeclared, {undeclared.days} days</Tag>
        ) : live ? (
          <>
            {live.reason.replaceAll('_', ' ')}
            <br />
            <span class="muted small">
              {live.signers.map(({ person }) => person.replace('person:', '')).join(', ')}
            </span>
          </>
        ) : (
          <span class="muted">nothing to declare</span>
        )}
      </td>
      <td>{live ? <When at={live.validUntil} /> : ''}</td>
    </tr>
  );
}

export function toneOf(state: TerritoryView['state']): Tone {
  return state === 'on' ? 'good' : state === 'restricted' ? 'warn' : 'off';
}

function Detail({ territory }: { territory: TerritoryView }) {
  const outline = useResource<Outline>(`/api/v1/territories/${territory.id}`);
  const place = outline.data;
  return (
    <Part title={territory.name} aside={<a href={`/what-if?sel=terr:${territory.id}`}>What if</a>}>
      {place && (
        <CellsMap
          cells={place.cellsCompact}
          band={place.borderBand}
          isOff={territory.offCellCount > 0}
          label={`${territory.name}: ${territory.cellCount} cells, ${territory.offCellCount} of them off`}
        />
      )}
      <dl class="facts">
        <dt>Cells off</dt>
        <dd>
          {territory.offCellCount.toLocaleString('en-US')} of{' '}
          {territory.cellCount.toLocaleString('en-US')}
        </dd>
        <dt>Outline</dt>
        <dd class="small">{territory.source}</dd>
      </dl>
      {territory.declarations.map(declaration => (
        <div key={declaration.id}>
          <h3>
            {declaration.reason.replaceAll('_', ' ')}{' '}
            {declaration.isLive ? (
              <Tag tone="good">{declaration.daysLeft} days left</Tag>
            ) : (
              <Tag tone="bad">expired {-declaration.daysLeft} days ago</Tag>
            )}
          </h3>
          <p class="small">
            Entry <a href={`/ledger?entry=${declaration.entry}`}>{declaration.entry}</a>.{' '}
            {declaration.alternatives.length > 0 &&
              `Also considered: ${declaration.alternatives.join('; ')}. `}
            {declaration.originators.length > 0 &&
              `Asked for by ${declaration.originators.map(o => o.party).join(', ')}.`}
          </p>
          <ul class="list small">
            {declaration.signers.map(({ person, seat, text }) => (
              <li key={person}>
                {person} for {seat}: “{text}”
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Part>
  );
}

/** Enough to show it; the server looks at the rest when it is filed. */
function isDeclaration(value: unknown): value is Declaration {
  const { id, scopes, state, reason, validUntil, attestations } = (value ??
    {}) as Partial<Declaration>;
  return (
    [id, state, reason, validUntil].every(one => typeof one === 'string') &&
    !Number.isNaN(Date.parse(validUntil as string)) &&
    Array.isArray(scopes) &&
    scopes.every(scope => typeof scope?.territory?.id === 'string') &&
    Array.isArray(attestations) &&
    attestations.every(one => typeof one?.signer === 'string' && typeof one?.seat === 'string')
  );
}

/** Two people of different seats sign; the text of each is his own. */
function NewDeclaration({
  territory,
  roster,
  orders,
}: {
  territory: TerritoryView;
  roster: RosterView | null;
  orders: readonly OrderView[];
}) {
  const [form, set, clear] = useKept(`beamkeeper-declaration-${territory.id}`, EMPTY);
  const { reason, days, alternatives, orderHash, text, draft } = form;
  const [note, setNote] = useState<{ tone: 'good' | 'bad'; text: string } | null>(null);
  const by = actor.value;
  const seats = roster?.persons.find(({ id }) => id === by?.name)?.seats ?? [];
  const withheld = orders.filter(
    o => o.kind === 'withhold' && o.executed !== null && o.scope?.territory.id === territory.id,
  );
  const order = withheld.find(({ hash }) => hash === orderHash);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setNote(null);
    try {
      await work();
    } catch (error) {
      setNote({ tone: 'bad', text: (error as Error).message });
    }
  };
  const sign = () =>
    attempt(async () => {
      if (!by || seats.length === 0) throw new Error('Choose somebody who holds a seat.');
      const base: Declaration = draft ?? {
        id: `declaration-${territory.id}-${logNowMs()}`,
        scopes: [
          {
            territory: { id: territory.id, version: territory.version },
            terminals: { kind: 'all' },
            constraint: territory.state === 'restricted' ? { kind: 'limits' } : { kind: 'off' },
            exceptions: [],
            band: 'inside',
          },
        ],
        state: territory.state === 'restricted' ? 'restricted' : 'off',
        reason,
        evidence: [],
        alternatives: alternatives.split('\n').filter(line => line.trim() !== ''),
        originators: order?.originators ?? [],
        ...(order && { orderHash: order.hash }),
        validUntil: new Date(logNowMs() + days * DAY_MS).toISOString(),
        attestations: [],
      };
      set({ draft: await attested(by, base, seats[0], text) });
    });
  const open = async (file: File): Promise<void> => {
    const wrong = (why: string) => new Error(`${file.name}: ${why}`);
    let opened: unknown;
    try {
      opened = JSON.parse(await file.text());
    } catch {
      throw wrong('is no declaration (not JSON)');
    }
    if (!isDeclaration(opened)) throw wrong('is no declaration');
    if (!opened.scopes.some(scope => scope.territory.id === territory.id)) {
      throw wrong(`is about ${opened.scopes.map(s => s.territory.id).join(', ')}, not about this`);
    }
    set({ draft: opened });
  };
  const file = () =>
    attempt(async () => {
      await post('/api/v1/declarations', draft);
      clear();
      setNote({ tone: 'good', text: 'Declared: in the log.' });
      announce(`${territory.name} is declared`);
    });
  const signers = draft?.attestations ?? [];
  return (
    <Part title="Declare or renew">
      <fieldset disabled={draft !== null}>
        <div class="fields">
          <label>
            <span>Reason</span>
            <select
              value={reason}
              onChange={event => set({ reason: event.currentTarget.value as Form['reason'] })}
            >
              {REASON_CODES.map(code => (
                <option key={code} value={code}>
                  {code.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>Valid, days</span>
            <input
              type="number"
              min={1}
              max={90}
              value={days}
              onInput={event => set({ days: Number(event.currentTarget.value) })}
            />
          </label>
        </div>
        {withheld.length > 0 && (
          <label>
            <span>The order that carries it, where somebody asked</span>
            <select
              value={orderHash}
              onChange={event => set({ orderHash: event.currentTarget.value })}
            >
              <option value="">none</option>
              {withheld.map(({ hash, id }) => (
                <option key={hash} value={hash}>
                  {id}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          <span>Other explanations considered (one a line)</span>
          <textarea
            value={alternatives}
            onInput={event => set({ alternatives: event.currentTarget.value })}
          />
        </label>
      </fieldset>
      <label>
        <span>What the signer attests</span>
        <textarea value={text} onInput={event => set({ text: event.currentTarget.value })} />
      </label>
      {draft && (
        <p>
          {draft.reason.replaceAll('_', ' ')}, {draft.state} until <When at={draft.validUntil} />
        </p>
      )}
      {signers.length > 0 && (
        <p>
          Signed by {signers.map(({ signer, seat }) => `${signer} (${seat})`).join(', ')}
          {signers.length < 2 && '; one more, of another seat, is needed: choose who signs next'}
        </p>
      )}
      <div class="row">
        <button type="button" disabled={by === null} onClick={() => void sign()}>
          {by ? `Sign as ${by.name.replace('person:', '')}` : 'Choose who signs'}
        </button>
        <button
          type="button"
          class="primary"
          disabled={signers.length < 2}
          onClick={() => void file()}
        >
          File
        </button>
        {draft && (
          <>
            <button
              type="button"
              onClick={() =>
                saveFile(`${draft.id}.json`, 'application/json', `${JSON.stringify(draft)}\n`)
              }
            >
              Save for the other signer
            </button>
            <button type="button" onClick={() => set({ draft: null })}>
              Start again
            </button>
          </>
        )}
      </div>
      {!draft && (
        <label>
          <span>Or go on with one that somebody else has signed (a file)</span>
          <input
            type="file"
            accept=".json,application/json"
            onChange={event => {
              const [file] = event.currentTarget.files ?? [];
              if (file) void attempt(() => open(file));
            }}
          />
        </label>
      )}
      {note && (
        <p class={note.tone} role={note.tone === 'bad' ? 'alert' : 'status'}>
          {note.text}
        </p>
      )}
    </Part>
  );
}
