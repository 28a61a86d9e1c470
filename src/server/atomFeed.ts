import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { entryView } from '../control/index.ts';
import type { ServerContext } from './app.ts';
import * as schemas from './schemas.ts';

const NEWEST = 50;

/** The newest entries as an Atom feed (RFC 4287). */
export const atomFeed: FastifyPluginAsync<ServerContext> = async (app, { store }) => {
  const schema = {
    description: `The newest ${NEWEST} entries as an Atom feed`,
    produces: ['application/atom+xml'],
    response: { 200: z.string(), '4xx': schemas.problemSchema },
  };
  app.get('/feed.atom', { schema }, (request, reply) => {
    const base = `${request.protocol}://${request.host}`;
    const { state, entries } = store;
    const { origin } = store.orders.log;
    const newest = entries.slice(-NEWEST).reverse();
    const items = newest.map(({ entry }) => {
      const { index, type, subject, time, actor, ineffective } = entryView(state, entry);
      const note = ineffective === null ? '' : ` (without effect: ${ineffective})`;
      return `  <entry>
    <id>${xml(`tag:${origin.split('/')[0]},2026:${origin}/${index}`)}</id>
    <title>${xml(`${type}, ${subject}${note}`)}</title>
    <updated>${time}</updated>
    <author><name>${xml(actor)}</name></author>
    <link href="${xml(`${base}/api/v1/entries/${index}`)}"/>
  </entry>`;
    });
    return reply
      .type('application/atom+xml; charset=utf-8')
      .header('Cache-Control', 'no-cache')
      .send(`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${xml(`tag:${origin.split('/')[0]},2026:${origin}`)}</id>
  <title>${xml(origin)}</title>
  <updated>${newest[0].entry.time}</updated>
  <link rel="self" href="${xml(`${base}/feed.atom`)}"/>
${items.join('\n')}
</feed>
`);
  });
};

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
