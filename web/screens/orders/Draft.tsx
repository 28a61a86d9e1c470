import { useEffect, useState } from 'preact/hooks';
import {
  CAPACITIES,
  ORDER_KINDS,
  type Order,
  type Originator,
} from '../../../src/control/types.ts';
import type { ContactView } from '../../../src/control/views/contactView.ts';
import { orderSentence } from '../../../src/control/views/orderSentence.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import type { RosterView } from '../../../src/control/views/rosterView.ts';
import type { TerritoryView } from '../../../src/control/views/territoryView.ts';
import { actor, signed } from '../../api/actor.ts';
import { post, type Recorded, useResource } from '../../api/api.ts';
import { logNowMs } from '../../api/demoClock.ts';
import { Part, Tag } from '../../kit/parts.tsx';
import { type Levels, markedParts, SealDraft, type SealedDraft } from '../../kit/SealDraft.tsx';
import { announce, navigate } from '../../shell/state.ts';
import { orderParts } from './orderParts.ts';
import { type Outline, TakeIn } from './TakeIn.tsx';

const KEPT = 'beamkeeper-order-draft';

interface Form {
  kind: Order['kind'];
  territory: string;
  maxSpeedKmh: string;
  maxRateMbps: string;
  band: 'inside' | 'outside' | 'share';
  to: string;
  reason: string;
  basis: string;
  isOwn: boolean;
  links: {
    party: string;
    capacity: Originator['capacity'];
    onBehalfOf: string;
    channel: string;
    contactId: string;
  }[];
}

const EMPTY: Form = {
  kind: 'suspend',
  territory: '',
  maxSpeedKmh: '',
  maxRateMbps: '',
  band: 'outside',
  to: '',
  reason: '',
  basis: '',
  isOwn: true,
  links: [],
};

/** Drafts an order: from nothing, or from a scenario of the first screen. Kept here until it is filed. */
export function Draft({
  roster,
  orders,
  scenario,
}: {
  roster: RosterView | null;
  orders: readonly OrderView[];
  scenario: string | null;
}) {
  const territories = useResource<TerritoryView[]>('/api/v1/territories');
  const outlines = useResource<Outline[]>('/api/v1/outlines');
  const contacts = useResource<ContactView[]>('/api/v1/contacts');
  const [form, setForm] = useState<Form>(() => formOf(scenario));
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(form));
    } catch {
      // Without storage the draft lasts as long as the page.
    }
  }, [form]);
  const by = actor.value;
  const known = territories.data ?? [];
  const wanted = scenarioOff(scenario);
  const elsewhere = (outlines.data ?? [])
    .filter(({ id }) => !known.some(one => one.id === id))
    .sort((a, b) => a.name.localeCompare(b.name));
  // Of a scenario, all that it switches off; else the one chosen.
  const unknown = elsewhere.filter(({ id }) => id === form.territory || wanted.includes(id));
  const territory = known.find(({ id }) => id === form.territory);
  const set = (change: Partial<Form>): void => setForm({ ...form, ...change });
  const setLink = (i: number, change: Partial<Form['links'][number]>): void =>
    set({ links: form.links.map((link, at) => (at === i ? { ...link, ...change } : link)) });
  const [sealed, setSealed] = useState<SealedDraft<'order/v1'> | null>(null);
  // What was sealed is of the draft as it was then.
  useEffect(() => setSealed(null), [form]);
  const plain = territory && by ? orderOf(form, territory, by.name, orders) : null;
  const order = sealed ?? plain;
  const [levels, setLevels] = useState<Levels>({});
  const isHalfSealed =
    sealed === null && plain !== null && markedParts(orderParts(plain), levels).length > 0;
  const isItsProposer = sealed === null || sealed.proposer === by?.name;
  const file = async (): Promise<void> => {
    if (!order || !by) return;
    setIsBusy(true);
    setProblem(null);
    try {
      const { orderHash } = await post<Recorded>(
        '/api/v1/orders',
        await signed(by, 'order/v1', order),
      );
      announce('The order is proposed');
      localStorage.removeItem(KEPT);
      navigate(`/orders/${orderHash}`);
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  };
  const isRestrict = form.kind === 'restrict' || form.kind === 'withhold';
  return (
    <>
      <div>
        <Part title="Draft of an order" aside={<Tag>kept in this browser</Tag>}>
          <h1>
            {order
              ? orderSentence({ ...order, proof: { kind: 'note', note: '' } }, territory?.name)
              : 'What is to be ordered, where, and who asked?'}
          </h1>
          {wanted.length > 0 && (
            <p class="muted">
              From a scenario: {wanted.join(', ')} off. Nothing of it has been sent to the network.
            </p>
          )}
          {wanted.length > 1 && (
            <div class="row">
              <span class="muted">An order is about one territory. Draft one for each:</span>
              {wanted.map(id => (
                <button
                  key={id}
                  type="button"
                  aria-pressed={id === form.territory}
                  onClick={() => set({ territory: id })}
                >
                  {id}
                </button>
              ))}
            </div>
          )}
          <div class="fields">
            <label>
              <span>Kind</span>
              <select
                value={form.kind}
                onChange={event => set({ kind: event.currentTarget.value as Form['kind'] })}
              >
                {ORDER_KINDS.map(kind => (
                  <option key={kind}>{kind}</option>
                ))}
              </select>
            </label>
            <label>
              <span>Territory</span>
              <select
                value={form.territory}
                onChange={event => set({ territory: event.currentTarget.value })}
              >
                <option value="" disabled>
                  choose
                </option>
                {known.map(({ id, name, state }) => (
                  <option key={id} value={id}>
                    {name} ({state})
                  </option>
                ))}
                <optgroup label="Not in this log yet">
                  {elsewhere.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              </select>
            </label>
            <label>
              <span>Border band</span>
              <select
                value={form.band}
                onChange={event => set({ band: event.currentTarget.value as Form['band'] })}
              >
                <option value="outside">left alone</option>
                <option value="inside">taken in</option>
                <option value="share">shared</option>
              </select>
            </label>
            <label>
              <span>Ends by itself (UTC, empty: no)</span>
              <input
                type="datetime-local"
                value={form.to}
                onInput={event => set({ to: event.currentTarget.value })}
              />
            </label>
            {isRestrict && (
              <>
                <label>
                  <span>At most, km/h</span>
                  <input
                    inputMode="numeric"
                    value={form.maxSpeedKmh}
                    onInput={event => set({ maxSpeedKmh: event.currentTarget.value })}
                  />
                </label>
                <label>
                  <span>At most, Mbit/s</span>
                  <input
                    inputMode="numeric"
                    value={form.maxRateMbps}
                    onInput={event => set({ maxRateMbps: event.currentTarget.value })}
                  />
                </label>
              </>
            )}
          </div>
          {unknown.length > 0 && <TakeIn places={unknown} orders={orders} />}
          <label>
            <span>Reason</span>
            <textarea
              value={form.reason}
              onInput={event => set({ reason: event.currentTarget.value })}
            />
          </label>
          <label>
            <span>Legal basis (one a line)</span>
            <textarea
              value={form.basis}
              onInput={event => set({ basis: event.currentTarget.value })}
            />
          </label>
        </Part>
        <Part
          title="Who asked"
          aside={
            <button
              type="button"
              onClick={() =>
                set({
                  isOwn: false,
                  links: [
                    ...form.links,
                    {
                      party: '',
                      capacity: 'third_party',
                      onBehalfOf: '',
                      channel: '',
                      contactId: '',
                    },
                  ],
                })
              }
            >
              Add a link
            </button>
          }
        >
          <label class="check">
            <input
              type="checkbox"
              checked={form.isOwn}
              onChange={event => set({ isOwn: event.currentTarget.checked })}
            />
            <span>Nobody asked me for this order; I sign that sentence.</span>
          </label>
          {!form.isOwn &&
            form.links.map((link, i) => (
              <div class="fields" key={i}>
                <label>
                  <span>Party, by role</span>
                  <input
                    list="parties"
                    value={link.party}
                    onInput={event => setLink(i, { party: event.currentTarget.value })}
                  />
                </label>
                <label>
                  <span>In what capacity</span>
                  <select
                    value={link.capacity}
                    onChange={event =>
                      setLink(i, { capacity: event.currentTarget.value as Originator['capacity'] })
                    }
                  >
                    {CAPACITIES.map(one => (
                      <option key={one} value={one}>
                        {one.replaceAll('_', ' ')}
                      </option>
                    ))}
                  </select>
                </label>
                <label>
                  <span>On behalf of</span>
                  <input
                    value={link.onBehalfOf}
                    onInput={event => setLink(i, { onBehalfOf: event.currentTarget.value })}
                  />
                </label>
                <label>
                  <span>By which channel</span>
                  <input
                    value={link.channel}
                    onInput={event => setLink(i, { channel: event.currentTarget.value })}
                  />
                </label>
                <label>
                  <span>Disclosed contact</span>
                  <select
                    value={link.contactId}
                    onChange={event => setLink(i, { contactId: event.currentTarget.value })}
                  >
                    <option value="">none</option>
                    {contacts.data?.map(({ id, reporter }) => (
                      <option key={id} value={id}>
                        {id} ({reporter.replace('person:', '')})
                      </option>
                    ))}
                  </select>
                </label>
                <div>
                  <button
                    type="button"
                    onClick={() => set({ links: form.links.filter((_, at) => at !== i) })}
                  >
                    Remove
                  </button>
                </div>
              </div>
            ))}
          <datalist id="parties">
            {roster?.organisations.map(({ id }) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </Part>
      </div>
      <div>
        {plain && (
          <SealDraft
            type="order/v1"
            body={plain}
            author={plain.proposer}
            parts={orderParts(plain)}
            roster={roster}
            edition={form}
            isSealed={sealed !== null}
            levels={levels}
            setLevels={setLevels}
            onSealed={setSealed}
          />
        )}
        <Part title="Propose">
          {sealed !== null && (
            <p class="good" role="status">
              Sealed ({sealed.seal?.second.person} signed); {sealed.proposer} may propose it. A
              change of the draft lifts the seal.
            </p>
          )}
          {by === null ? (
            <p>Choose who signs (on the left): a drafter, or anybody who holds a seat.</p>
          ) : (
            <p>
              {sealed?.proposer ?? by.name} proposes it. From then on it is in the log for good; it
              takes effect only by the votes of those whom the rules name.
            </p>
          )}
          <button
            type="button"
            class="primary"
            disabled={
              isBusy ||
              order === null ||
              !isItsProposer ||
              isHalfSealed ||
              form.reason.trim() === ''
            }
            onClick={() => void file()}
          >
            Sign and propose
          </button>
          {isHalfSealed && (
            <p class="warn small">
              Parts are marked to be kept back. Seal them first, or mark them public.
            </p>
          )}
          {problem !== null && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
        </Part>
      </div>
    </>
  );
}

function scenarioOff(scenario: string | null): string[] {
  if (scenario === null) return [];
  try {
    const { off } = JSON.parse(scenario) as { off?: unknown };
    return Array.isArray(off) ? off.filter(id => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function formOf(scenario: string | null): Form {
  const [first] = scenarioOff(scenario);
  if (first !== undefined) return { ...EMPTY, territory: first };
  try {
    return { ...EMPTY, ...JSON.parse(localStorage.getItem(KEPT) ?? '{}') };
  } catch {
    return EMPTY;
  }
}

function orderOf(
  form: Form,
  { id, version }: TerritoryView,
  proposer: string,
  orders: readonly OrderView[],
): Omit<Order, 'proof'> {
  const now = new Date(logNowMs()).toISOString();
  const speed = Number(form.maxSpeedKmh);
  const rate = Number(form.maxRateMbps);
  const hasLimits = form.maxSpeedKmh !== '' || form.maxRateMbps !== '';
  const isTaking = form.kind === 'suspend' || form.kind === 'restrict' || form.kind === 'withhold';
  const constraint = !isTaking
    ? { kind: 'none' as const }
    : form.kind === 'restrict' || (form.kind === 'withhold' && hasLimits)
      ? {
          kind: 'limits' as const,
          ...(form.maxSpeedKmh !== '' && { maxSpeedKmh: speed }),
          ...(form.maxRateMbps !== '' && { maxRateMbps: rate }),
        }
      : { kind: 'off' as const };
  const originators: Originator[] = form.isOwn
    ? [{ party: proposer, capacity: 'operator', channel: 'own initiative', at: now }]
    : form.links.map(({ party, capacity, onBehalfOf, channel, contactId }) => ({
        party,
        capacity,
        ...(onBehalfOf !== '' && { onBehalfOf }),
        channel: channel || 'not said',
        ...(contactId !== '' && { contactId }),
        at: now,
      }));
  const inForce = orders.filter(
    one => one.status === 'executed' && one.scope?.territory.id === id && !one.isDrill,
  );
  return {
    id: `order-${now.slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}`,
    revision: 1,
    kind: form.kind,
    drill: false,
    scope: {
      territory: { id, version },
      terminals: { kind: 'all' },
      constraint,
      exceptions: [],
      band: isTaking ? form.band : 'inside',
    },
    effective: { from: now, ...(form.to !== '' && { to: new Date(`${form.to}Z`).toISOString() }) },
    proposer,
    originators,
    ...(form.isOwn && { ownAuthorship: 'Nobody asked me for this order.' }),
    legalBasis: form.basis.split('\n').filter(line => line.trim() !== ''),
    reason: form.reason,
    supersedes: inForce.map(({ hash }) => hash),
    disclosures: [
      ...new Set(form.links.flatMap(({ contactId }) => (contactId === '' ? [] : [contactId]))),
    ],
  };
}
