import { useEffect, useRef, useState } from 'preact/hooks';
import { statementOf } from '../../../src/control/statements.ts';
import type { VoteStatement } from '../../../src/control/types.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import type { RosterView } from '../../../src/control/views/rosterView.ts';
import type { TerritoryView } from '../../../src/control/views/territoryView.ts';
import { actor, digestWords, newNonce, signed } from '../../api/actor.ts';
import { get, type Job, jobs, post, useResource } from '../../api/api.ts';
import { logNowMs } from '../../api/demoClock.ts';
import { CellsMap } from '../../kit/CellsMap.tsx';
import { Hash, Part, Tag, When, Whole } from '../../kit/parts.tsx';
import { Said, SealedPart } from '../../kit/SealedPart.tsx';
import { announce, navigate } from '../../shell/state.ts';
import { toneOf } from './index.tsx';

interface Outline extends TerritoryView {
  readonly cellsCompact: readonly string[];
  readonly borderBand: readonly string[];
}

/** One order: what it says, who asked, what it would do, who has agreed; and what one may do about it. */
export function OrderSheet({ order, roster }: { order: OrderView; roster: RosterView | null }) {
  const id = order.scope?.territory.id ?? null;
  const territory = useResource<Outline>(id === null ? null : `/api/v1/territories/${id}`);
  const place = territory.data;
  const isOrder = order.type === 'order/v1';
  return (
    <>
      <div>
        <Part title={order.id ?? 'change'} aside={<Tag tone={toneOf(order)}>{order.status}</Tag>}>
          <h1>{order.sentence}</h1>
          <p>
            <Said text={order.reason} />
          </p>
          {place && order.scope && (
            <CellsMap
              cells={order.scope.cells ?? place.cellsCompact}
              band={order.scope.band === 'outside' ? [] : place.borderBand}
              isOff={order.scope.constraint.kind === 'off'}
              label={`${order.territoryName}: ${order.cellCount} cells, border band ${order.scope.band}`}
            />
          )}
          <dl class="facts">
            {isOrder && (
              <>
                <dt>Where</dt>
                <dd>
                  {order.scope === null
                    ? 'sealed'
                    : `${order.territoryName}, ${order.cellCount?.toLocaleString('en-US')} cells of resolution 5; border band ${order.scope.band} (outlined)`}
                </dd>
                <dt>In force there now</dt>
                <dd>
                  {place
                    ? `${place.state}${place.because.length > 0 ? `, by ${place.because.join(', ')}` : ''}`
                    : '…'}
                </dd>
                {order.change !== null && (
                  <>
                    <dt>It would change</dt>
                    <dd>
                      {order.change.map(({ from, to, cellCount }) => (
                        <p key={`${from} ${to}`}>
                          {cellCount.toLocaleString('en-US')} cells{' '}
                          {from === to ? (
                            <span class="muted">stay {from}</span>
                          ) : (
                            <strong>
                              {from} → {to}
                            </strong>
                          )}
                        </p>
                      ))}
                    </dd>
                  </>
                )}
                <dt>From, to</dt>
                <dd>
                  {order.effective && <When at={order.effective.from} />}
                  {order.effective?.to ? (
                    <>
                      {' – '}
                      <When at={order.effective.to} />
                    </>
                  ) : (
                    ' until it is superseded'
                  )}
                </dd>
                <dt>Legal basis</dt>
                <dd>
                  {order.legalBasis.length === 0 && 'none named'}
                  {order.legalBasis.map((basis, i) => (
                    <p key={i}>
                      <Said text={basis} />
                    </p>
                  ))}
                </dd>
              </>
            )}
            <dt>Proposed</dt>
            <dd>
              by {order.proposer}, <When at={order.proposed.at} />, entry{' '}
              <a href={`/ledger?entry=${order.proposed.entry}`}>{order.proposed.entry}</a>
            </dd>
            <dt>Hash</dt>
            <dd>
              <Hash value={order.hash} letters={24} />
            </dd>
          </dl>
        </Part>
        {isOrder && (
          <Part title="Who asked">
            <ol class="chain">
              {order.originators.map((link, i) => (
                <li key={i}>
                  <strong>
                    <Said text={link.party} />
                  </strong>{' '}
                  <Tag>{link.capacity.replaceAll('_', ' ')}</Tag>
                  {link.onBehalfOf && (
                    <>
                      {' '}
                      on behalf of <Said text={link.onBehalfOf} />
                    </>
                  )}
                  <br />
                  <span class="muted">
                    <Said text={link.channel} />, <When at={link.at} />
                    {link.contactId && `, contact ${link.contactId}`}
                  </span>
                </li>
              ))}
            </ol>
            {order.ownAuthorship && <p>“{order.ownAuthorship}”</p>}
            {order.contacts.map(contact => (
              <p key={contact.id}>
                Disclosed by {contact.reporter}: <Said text={contact.channel} /> with{' '}
                {contact.counterparty.role}, {contact.daysUntilDisclosed} days before it was
                disclosed{' '}
                {contact.isLate ? <Tag tone="bad">late</Tag> : <Tag tone="good">in time</Tag>}
              </p>
            ))}
            {order.seal && (
              <SealedPart
                seal={order.seal}
                entryIndex={order.proposed.entry}
                orderId={order.id ?? undefined}
              />
            )}
            {order.commitments.length > 0 && (
              <p class="warn">
                Touches protected commitments; these seats must agree:{' '}
                {order.commitments.map(c => `${c.seat} (${c.noticeHours} h notice)`).join(', ')}
              </p>
            )}
          </Part>
        )}
      </div>
      <div>
        <Impact order={order} />
        <Votes order={order} />
        <Actions order={order} roster={roster} />
      </div>
    </>
  );
}

/** What its author saw, beside what the server's twin finds now. */
function Impact({ order }: { order: OrderView }) {
  const [problem, setProblem] = useState<string | null>(null);
  const job = jobs.value.get(order.hash);
  if (order.type !== 'order/v1') return null;
  const compute = async (isFiling: boolean): Promise<void> => {
    setProblem(null);
    try {
      const query = isFiling ? '?file=true' : '';
      const started = await post<Job>(`/api/v1/orders/${order.hash}/impact${query}`, {});
      jobs.value = new Map(jobs.value).set(order.hash, started);
      void followJob(started);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const isRunning = job?.state === 'running';
  const now = job?.state === 'done' ? job.result : undefined;
  const rows = order.impact?.headlines ?? now?.headlines ?? [];
  return (
    <Part title="What it would do">
      {rows.length === 0 ? (
        <p>No impact report is filed. Nobody can vote before it is known what the order does.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>By the twin</th>
              <th class="number">{order.impact ? 'as filed' : 'now'}</th>
              {order.impact && now && <th class="number">now</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, low, central, high }) => {
              const fresh = now?.headlines.find(one => one.name === name);
              return (
                <tr key={name}>
                  <td>{name}</td>
                  <td class="number">
                    <Whole value={central} />
                    <br />
                    <span class="muted small">
                      {low.toLocaleString('en-US')} – {high.toLocaleString('en-US')}
                    </span>
                  </td>
                  {order.impact && fresh && (
                    <td class="number">
                      <Whole value={fresh.central} />
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {order.impact && (
        <p class="small muted">
          Report <Hash value={order.impact.reportSha256} /> in entry {order.impact.entry}; inputs of{' '}
          {order.impact.inputsAt.slice(0, 16).replace('T', ' ')}.{' '}
          <a href={`/api/v1/orders/${order.hash}/impact`}>Read it</a>
        </p>
      )}
      {now && order.impact && now.isSame !== null && (
        <p class={now.isSame ? 'good' : 'warn'} role="status">
          {now.isSame
            ? 'Computed again from the same inputs: the same bytes.'
            : 'Computed again: not the same as what was filed.'}
        </p>
      )}
      {isRunning && (
        <div
          role="progressbar"
          aria-label="Computing"
          aria-valuemin={0}
          aria-valuemax={job.total}
          aria-valuenow={job.done}
        >
          <div class="meter">
            <div style={{ width: `${job.total === 0 ? 3 : (100 * job.done) / job.total}%` }} />
          </div>
          <span class="small muted">
            computing {job.done} of {job.total || '…'}
          </span>
        </div>
      )}
      {job?.state === 'failed' && <p class="bad">{job.error?.detail}</p>}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        {order.executed === null && (
          <button type="button" disabled={isRunning} onClick={() => void compute(true)}>
            {order.impact ? 'Compute anew and file' : 'Compute and file'}
          </button>
        )}
        {order.impact && (
          <button type="button" disabled={isRunning} onClick={() => void compute(false)}>
            Compute again and compare
          </button>
        )}
      </div>
    </Part>
  );
}

/** Where the live stream is held up by something on the way, the job is asked for. */
async function followJob({ job, orderHash }: Job): Promise<void> {
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 1000));
    const current = await get<Job>(`/api/v1/jobs/${job}`).catch(() => null);
    if (current === null) return;
    jobs.value = new Map(jobs.value).set(orderHash, current);
    if (current.state !== 'running') return;
  }
}

function Votes({ order }: { order: OrderView }) {
  return (
    <Part title="Votes">
      {order.votes.length === 0 && <p class="muted">Nobody has voted.</p>}
      <ul class="list">
        {order.votes.map(vote => (
          <li key={vote.nonce} class="row">
            <Tag tone={vote.ended !== null ? 'plain' : vote.decision === 'yes' ? 'good' : 'bad'}>
              {vote.decision}
            </Tag>
            <span>
              {vote.person.replace('person:', '')} <span class="muted">for {vote.seat}</span>
              {vote.ended !== null && <span class="warn"> — no longer counts: {vote.ended}</span>}
            </span>
          </li>
        ))}
        {order.recusals.map((recusal, i) => (
          <li key={i} class="row">
            <Tag tone="warn">stands aside</Tag>
            <span>
              {recusal.person.replace('person:', '')} <span class="muted">({recusal.why})</span>
            </span>
          </li>
        ))}
      </ul>
      {order.missing.length > 0 && order.executed === null && (
        <p class="warn">Still needed: {order.missing.join('; ')}</p>
      )}
      {order.blockedBy.length > 0 && (
        <p class="small muted">
          Not counted on:{' '}
          {order.blockedBy
            .map(b => `${b.person.replace('person:', '')} for ${b.seat} (${b.why})`)
            .join('; ')}
        </p>
      )}
      <Deadlines order={order} />
    </Part>
  );
}

function Deadlines({ order }: { order: OrderView }) {
  const [nowMs, setNowMs] = useState(logNowMs());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(logNowMs()), 1000);
    return () => clearInterval(timer);
  }, []);
  const due = order.dueAt.filter(
    ({ what }) => !what.startsWith('reminder') && what !== 'escalation90',
  );
  if (due.length === 0) return null;
  const words: Record<string, string> = {
    voteWindow: 'Vote closes',
    coolingOff: 'Cooling-off ends',
    executionWindow: 'Must be executed',
  };
  return (
    <dl class="facts small">
      {due.map(({ what, at }) => (
        <>
          <dt>{words[what] ?? what}</dt>
          <dd>
            <When at={at} /> <span class="muted">{leftWords(Date.parse(at) - nowMs)}</span>
          </dd>
        </>
      ))}
    </dl>
  );
}

function leftWords(leftMs: number): string {
  if (leftMs <= 0) return 'now';
  const hours = Math.floor(leftMs / 3_600_000);
  const rest = new Date(leftMs).toISOString().slice(14, 19);
  return hours >= 48 ? `in ${Math.floor(hours / 24)} days` : `in ${hours}:${rest}`;
}

/** Everything that the signer may do about the order; the log refuses what the rules do not allow. */
function Actions({ order, roster }: { order: OrderView; roster: RosterView | null }) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [hasRead, setHasRead] = useState(false);
  const [seat, setSeat] = useState('');
  const [note, setNote] = useState<{ tone: 'good' | 'bad'; text: string } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const nonce = useRef(newNonce());
  const by = actor.value;
  const me = roster?.persons.find(({ id }) => id === by?.name);
  const seats = [...(me?.seats ?? []), ...(me?.alternateOf ?? [])];
  const chosen = seats.includes(seat) ? seat : (seats[0] ?? '');
  const own = order.votes.find(({ person, ended }) => person === by?.name && ended === null);
  const isOrder = order.type === 'order/v1';
  /** Typed by whoever approves. */
  const name = order.territoryName ?? order.type.replace('/v1', '');
  const isOpen = order.executed === null;
  const url = `/api/v1/orders/${order.hash}`;

  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    setIsBusy(true);
    setNote(null);
    try {
      await work();
      nonce.current = newNonce();
      setNote({ tone: 'good', text: `${what}: in the log.` });
      announce(`${what}: in the log`);
      setTyped('');
    } catch (error) {
      setNote({ tone: 'bad', text: (error as Error).message });
      nonce.current = newNonce();
    } finally {
      setIsBusy(false);
    }
  };
  if (by === null) {
    return (
      <Part title="Decide">
        <p>Choose who signs (on the left) to vote, stand aside or carry it out.</p>
      </Part>
    );
  }
  const statement = (decision: VoteStatement['decision']): VoteStatement => ({
    orderHash: order.hash,
    decision,
    seat: chosen,
    person: by.name,
    reason: reason || 'no reason given',
    ...order.voteOn,
    disclosuresComplete: true,
    nonce: nonce.current,
  });
  const blank = { kind: 'note', note: '' } as const;
  const toSign = statementOf('vote/v1', { statement: statement('yes'), proof: blank });
  const vote = (decision: VoteStatement['decision']) =>
    attempt(decision === 'yes' ? 'Approved' : decision === 'no' ? 'Objected' : 'Vetoed', async () =>
      post(`${url}/votes`, await signed(by, 'vote/v1', { statement: statement(decision) }), {
        'If-Match': `"${order.hash}"`,
      }),
    );
  const now = (): string => new Date(logNowMs()).toISOString();
  const isMachine = by.name.startsWith('key:');
  return (
    <Part title={`Decide as ${by.name}`}>
      {isOpen && !isMachine && seats.length > 0 && (
        <>
          <div class="fields">
            <label>
              <span>Seat</span>
              <select value={chosen} onChange={event => setSeat(event.currentTarget.value)}>
                {seats.map(one => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
          </div>
          <label>
            <span>Reason, which everybody reads</span>
            <textarea value={reason} onInput={event => setReason(event.currentTarget.value)} />
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={hasRead}
              onChange={event => setHasRead(event.currentTarget.checked)}
            />
            <span>
              I have read the {isOrder ? 'order, who asked, and the impact' : 'change'}; my
              disclosures of contact on this are complete up to now.
            </span>
          </label>
          <label>
            <span>
              To approve, type the name of the {isOrder ? 'territory' : 'change'}: {name}
            </span>
            <input
              value={typed}
              onInput={event => setTyped(event.currentTarget.value)}
              autoComplete="off"
            />
          </label>
          <p class="small muted">
            You sign a statement with the digest <code class="mono">{digestWords(toSign)}</code>{' '}
            over order, impact and rules; a second device shows the same.
          </p>
          <div class="row">
            <button
              type="button"
              class="primary"
              disabled={isBusy || !hasRead || typed.trim() !== name || reason.trim() === ''}
              onClick={() => void vote('yes')}
            >
              Approve
            </button>
            <button
              type="button"
              disabled={isBusy || reason.trim() === ''}
              onClick={() => void vote('no')}
            >
              Object
            </button>
            <button
              type="button"
              disabled={isBusy || reason.trim() === ''}
              onClick={() => void vote('veto')}
            >
              Veto
            </button>
            <button
              type="button"
              disabled={isBusy || reason.trim() === ''}
              onClick={() =>
                void attempt('Stands aside', async () =>
                  post(
                    `${url}/recusals`,
                    await signed(by, 'recusal/v1', {
                      person: by.name,
                      orderHash: order.hash,
                      demandedBy: by.name,
                      reason,
                    }),
                  ),
                )
              }
            >
              Recuse myself
            </button>
            {own && (
              <button
                type="button"
                disabled={isBusy}
                onClick={() =>
                  void attempt('Vote taken back', async () =>
                    post(
                      `${url}/withdrawals`,
                      await signed(by, 'voteWithdraw/v1', {
                        person: by.name,
                        orderHash: order.hash,
                        nonce: own.nonce,
                        reason: reason || 'no reason given',
                      }),
                    ),
                  )
                }
              >
                Take my vote back
              </button>
            )}
          </div>
        </>
      )}
      <div class="row">
        {isOpen && me?.roles.includes('executor') && (
          <button
            type="button"
            class="primary"
            disabled={isBusy}
            onClick={() =>
              void attempt('Executed', async () =>
                post(
                  `${url}/executions`,
                  await signed(by, 'execution/v1', {
                    orderHash: order.hash,
                    executor: by.name,
                    clock: { machine: now() },
                  }),
                  { 'If-Match': `"${order.hash}"` },
                ),
              )
            }
          >
            Execute
          </button>
        )}
        {order.executed !== null && isMachine && (
          <button
            type="button"
            class="primary"
            disabled={isBusy || order.confirmed !== null}
            onClick={() =>
              void attempt('Confirmed', async () =>
                post(
                  `${url}/receipts`,
                  await signed(by, 'receipt/v1', {
                    orderHash: order.hash,
                    adapter: by.name,
                    doneAt: now(),
                  }),
                ),
              )
            }
          >
            Confirm that it is carried out
          </button>
        )}
        {isOpen && order.proposer === by.name && order.type === 'order/v1' && (
          <button
            type="button"
            disabled={isBusy}
            onClick={() =>
              void attempt('Cancelled', async () =>
                post(
                  `${url}/cancellations`,
                  await signed(by, 'cancel/v1', {
                    orderHash: order.hash,
                    person: by.name,
                    reason: reason || 'taken back by its proposer',
                  }),
                ),
              )
            }
          >
            Cancel the order
          </button>
        )}
      </div>
      {!isMachine && seats.length === 0 && !me?.roles.includes('executor') && (
        <p class="muted">{by.name} holds no seat: there is nothing here to vote with.</p>
      )}
      {order.executed && (
        <p>
          Executed by {order.executed.executor} in entry{' '}
          <a
            href={`/ledger?entry=${order.executed.entry}`}
            onClick={event => {
              event.preventDefault();
              navigate('/ledger', { entry: String(order.executed?.entry) });
            }}
          >
            {order.executed.entry}
          </a>
          {order.confirmed
            ? `, confirmed in entry ${order.confirmed.entry}`
            : '; not confirmed yet'}
        </p>
      )}
      {note && (
        <p class={note.tone} role={note.tone === 'bad' ? 'alert' : 'status'}>
          {note.text}
        </p>
      )}
    </Part>
  );
}
