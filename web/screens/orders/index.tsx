import '../../kit/kit.css';
import { useEffect } from 'preact/hooks';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import type { RosterView } from '../../../src/control/views/rosterView.ts';
import { followLog, useResource } from '../../api/api.ts';
import { ActAs } from '../../kit/ActAs.tsx';
import { GoneBanner, Part, stateOf, Tag, type Tone } from '../../kit/parts.tsx';
import { navigate, route } from '../../shell/state.ts';
import { Draft } from './Draft.tsx';
import { OrderSheet } from './OrderSheet.tsx';

/** The queue, one order in full, and what it would do: for the one who has to decide. */
export default function Orders() {
  useEffect(followLog, []);
  const orders = useResource<OrderView[]>('/api/v1/orders');
  const roster = useResource<RosterView>('/api/v1/roster');
  const { id, query } = route.value;
  const isDrafting = id === 'new' || query['draft'] !== undefined;
  const shown = isDrafting
    ? undefined
    : (orders.data?.find(o => o.hash === id || o.id === id) ??
      (id === null ? orders.data?.[0] : undefined));
  return (
    <div class="sheet">
      <GoneBanner />
      <div class="columns">
        <div>
          <Part title="Sign as">
            <ActAs roster={roster.data} />
          </Part>
          <Part
            title="Orders and changes"
            aside={
              <button type="button" onClick={() => navigate('/orders/new')}>
                New order
              </button>
            }
          >
            {stateOf(
              orders,
              'orders',
              list => list.length === 0,
              'Nobody has proposed an order yet.',
            ) ?? (
              <ul class="list">
                {orders.data?.map(order => (
                  <li key={order.hash}>
                    <a
                      class="item"
                      href={`/orders/${order.hash}`}
                      aria-current={order.hash === shown?.hash ? 'true' : undefined}
                      onClick={event => {
                        event.preventDefault();
                        navigate(`/orders/${order.hash}`);
                      }}
                    >
                      <span class="row">
                        <strong>{order.id ?? order.type.replace('/v1', '')}</strong>
                        <Tag tone={toneOf(order)}>{order.status}</Tag>
                      </span>
                      <span class="small muted">
                        {order.kind ? `${order.kind} ${order.territoryName ?? ''}` : order.sentence}{' '}
                        · {yesCount(order)} yes
                        {order.missing.length > 0 ? ` · needs ${order.missing[0]}` : ''}
                      </span>
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </Part>
        </div>
        {isDrafting ? (
          <Draft
            roster={roster.data}
            orders={orders.data ?? []}
            scenario={query['draft'] ?? null}
          />
        ) : shown ? (
          <OrderSheet key={shown.hash} order={shown} roster={roster.data} />
        ) : (
          <div>
            {id !== null && orders.data ? (
              <Part title="No such order">
                <p>
                  There is no order <code class="mono">{id.slice(0, 40)}</code> in this log.{' '}
                  <a href="/orders">See those that are there.</a>
                </p>
              </Part>
            ) : (
              <Part title="Orders">
                <p>
                  An order says who may be served where, who asked for it, and what it would do. It
                  takes effect only with the signatures of those whom the rules name.
                </p>
                <p>
                  <button type="button" class="primary" onClick={() => navigate('/orders/new')}>
                    Draft an order
                  </button>
                </p>
              </Part>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function yesCount({ votes }: OrderView): number {
  return votes.filter(({ decision, ended }) => decision === 'yes' && ended === null).length;
}

export function toneOf({ status }: OrderView): Tone {
  if (status === 'executed' || status === 'approved') return 'good';
  if (status === 'deadlocked' || status === 'vetoed' || status === 'rejected') return 'bad';
  return status === 'voting' || status === 'coolingOff' || status === 'impactReady'
    ? 'warn'
    : 'plain';
}
