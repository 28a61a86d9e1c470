import { useState } from 'preact/hooks';
import type { Territory } from '../../../src/control/types.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import { actor, signed } from '../../api/actor.ts';
import { get, post } from '../../api/api.ts';
import { announce, navigate } from '../../shell/state.ts';

/** A territory of the twin, and its version in the log. */
export interface Outline {
  readonly id: string;
  readonly name: string;
  readonly version: number | null;
}

/** No order can name a territory whose outline is not in the log: proposes, by vote, to take it in. */
export function TakeIn({
  places,
  orders,
}: {
  places: readonly Outline[];
  orders: readonly OrderView[];
}) {
  const [reason, setReason] = useState('so that an order can name it');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const by = actor.value;
  const names = places.map(({ name }) => name).join(', ');
  const pending = orders.filter(
    ({ type, status }) => type === 'territory/v1' && (status === 'voting' || status === 'approved'),
  );
  const propose = async (): Promise<void> => {
    if (!by) return;
    setIsBusy(true);
    setProblem(null);
    try {
      const territories = await Promise.all(
        places.map(({ id }) => get<Territory>(`/api/v1/outlines/${id}`)),
      );
      const change = { proposer: by.name, reason, territories };
      const { orderHash } = await post('/api/v1/entries', {
        type: 'territory/v1',
        body: await signed(by, 'territory/v1', change),
      });
      announce(`It is proposed to take in ${names}`);
      navigate(`/orders/${orderHash}`);
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div class="take-in">
      <p class="warn">
        {names}: no outline in this log, so no order can name it. A change brings it in, by vote of
        those who may decide about any order.
      </p>
      {pending.map(({ hash, sentence, status }) => (
        <p key={hash}>
          Proposed already, {status}: <a href={`/orders/${hash}`}>{sentence}</a>
        </p>
      ))}
      <label>
        <span>Why it is to be taken in</span>
        <input value={reason} onInput={event => setReason(event.currentTarget.value)} />
      </label>
      <p class="actions">
        <button
          type="button"
          disabled={isBusy || !by || reason.trim() === ''}
          onClick={() => void propose()}
        >
          Sign and propose to take in {names}
        </button>
      </p>
      {!by && <p class="muted">Say above who you are: the proposal is signed.</p>}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
