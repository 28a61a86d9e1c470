import '../../kit/kit.css';
import { useEffect } from 'preact/hooks';
import type { DeclarationView } from '../../../src/control/views/declarationView.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import type { TerritoryView } from '../../../src/control/views/territoryView.ts';
import { followLog, useResource } from '../../api/api.ts';
import { GoneBanner, Part, stateOf, Tag, When } from '../../kit/parts.tsx';

interface Status {
  readonly origin: string;
  readonly size: number;
  readonly verifierKey: string;
  readonly checkpoint: string;
  readonly isDemo: boolean;
  readonly isReadOnly: boolean;
  readonly reason: string | null;
}
interface Flag {
  readonly flag: string;
  readonly subject: string;
  readonly since: string;
  readonly days: number;
}

const WORDS: Readonly<Record<string, string>> = {
  undeclared: 'is off or restricted, and nobody has declared why',
  lateContact: 'was disclosed late',
  unconfirmed: 'was executed, and the adapter has not confirmed it',
  breakGlass: 'is break-glass in force',
  deadlocked: 'cannot be decided by those who are left',
  sealedOrder: 'has a sealed territory',
  sealOverdue: 'keeps its territory sealed for too long',
  sealReviewOverdue: 'has a seal whose review is overdue',
  falseAttestation: 'was attested falsely',
  clockUnattested: 'was executed without a witness to the clock',
  undrilled: 'has not been drilled for 90 days',
  reviewOpen: 'owes a review',
  reviewOverdue: 'owes a review that is overdue',
};

/** For everybody, without an account: what is off, who decided, and how to check it without us. */
export default function PublicView() {
  useEffect(followLog, []);
  const status = useResource<Status>('/api/v1/status');
  const flags = useResource<Flag[]>('/api/v1/flags');
  const orders = useResource<OrderView[]>('/api/v1/orders');
  const territories = useResource<TerritoryView[]>('/api/v1/territories');
  const declarations = useResource<DeclarationView[]>('/api/v1/declarations');
  const off = (territories.data ?? []).filter(({ state }) => state !== 'on');
  return (
    <div class="sheet">
      <GoneBanner />
      <h1>Who is kept without service, and who decided it</h1>
      {status.data?.isDemo && (
        <p class="warn">
          A demo: its people, its organisations, and what is on or off are made up.
        </p>
      )}
      {status.data?.isReadOnly && <p class="bad">The log takes nothing: {status.data.reason}</p>}
      <div class="two">
        <div>
          <Part title="Flags">
            {stateOf(flags, 'flags', list => list.length === 0, 'No flag is up.') ?? (
              <ul class="list">
                {flags.data?.map(({ flag, subject, days }) => (
                  <li key={`${flag} ${subject}`} class="row">
                    <Tag tone="bad">{flag}</Tag>
                    <span>
                      {subject.length === 64 ? `order ${subject.slice(0, 12)}…` : subject}{' '}
                      {WORDS[flag] ?? ''}, for {days} days
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Part>
          <Part title="Off or restricted">
            {stateOf(territories, 'territories') ??
              (off.length === 0 ? (
                <p class="muted">Service is on everywhere that this log decides.</p>
              ) : (
                <ul class="list">
                  {off.map(({ id, name, state, because }) => (
                    <li key={id} class="row">
                      <Tag tone="off">{state}</Tag>
                      <span>
                        <a href={`/declarations?territory=${id}`}>{name}</a>, by{' '}
                        {because.join(', ')}
                      </span>
                    </li>
                  ))}
                </ul>
              ))}
          </Part>
          <Part title="Declarations">
            {stateOf(declarations, 'declarations', list => list.length === 0) ?? (
              <ul class="list">
                {declarations.data?.map(declaration => (
                  <li key={declaration.id}>
                    <Tag tone={declaration.isLive ? 'good' : 'bad'}>
                      {declaration.isLive ? `${declaration.daysLeft} days left` : 'expired'}
                    </Tag>{' '}
                    {declaration.territories.join(', ')}: {declaration.reason.replaceAll('_', ' ')},
                    signed by{' '}
                    {declaration.signers
                      .map(({ person }) => person.replace('person:', ''))
                      .join(' and ')}
                  </li>
                ))}
              </ul>
            )}
          </Part>
          <Part title="Orders">
            {stateOf(orders, 'orders', list => list.length === 0) ?? (
              <ul class="list">
                {orders.data?.map(order => (
                  <li key={order.hash}>
                    <Tag>{order.status}</Tag> <a href={`/orders/${order.hash}`}>{order.sentence}</a>
                    <br />
                    <span class="small muted">
                      proposed <When at={order.proposed.at} />; asked by{' '}
                      {order.originators.map(({ party }) => party).join(', ') || order.proposer}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Part>
        </div>
        <div>
          <Part title="Checkpoint">
            {stateOf(status, 'checkpoint') ?? (
              <>
                <p>
                  {status.data?.origin}, {status.data?.size} entries.
                </p>
                <pre>{status.data?.checkpoint}</pre>
                <p class="small">
                  <a href="/feed.atom">Feed of new entries</a> · <a href="/ledger">Ledger</a> ·{' '}
                  <a href="/openapi.json">API</a>
                </p>
              </>
            )}
          </Part>
          <Part title="Check it without us">
            <p class="small">
              The log is plain files. With the package and a copy of them, no server and no account:
            </p>
            <pre>{`npx beamkeeper ledger verify ${typeof location === 'undefined' ? '' : location.origin}/ledger/orders \\\n  --key ${status.data?.verifierKey ?? '…'}`}</pre>
            <p class="small">
              Compare the key with where the operator published it. A log proves what was recorded;
              that a telephone call was kept out of it, it cannot show. The signed sentence in each
              declaration that no other request bears on it makes that a lie with a name under it.
            </p>
          </Part>
        </div>
      </div>
    </div>
  );
}
