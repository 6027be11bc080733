import { z } from 'zod'
import { defineChannel } from '../contract.ts'
import { postJson } from '../post.ts'

export default defineChannel({
  name: 'opsgenie',
  summary: 'Creates an alert in Opsgenie.',
  options: z.strictObject({
    api_key: z.string().min(1).describe('The key of an API integration.'),
    region: z.string().optional().describe('Such as eu.'),
    priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']).default('P3').describe('How urgent an alert is.'),
    tags: z.array(z.string()).default([]).describe('Tags of the alert.'),
    url: z.url().optional().describe('Where alerts go; by default where the region says.'),
  }),
  async send({ title, sections, key }, { api_key, region, priority, tags, url }, { signal }) {
    const host = region === undefined ? 'api.opsgenie.com' : `api.${region}.opsgenie.com`
    const description = sections
      .map(({ title, facts, lines = [] }) => [title, ...facts.map((fact) => fact.join(': ')), ...lines].join('\n'))
      .join('\n\n')
    // Lengths: Opsgenie's "Alert API", Create Alert.
    const alert = { message: title.slice(0, 130), alias: key.slice(0, 512), description: description.slice(0, 15000), priority, tags } // biome-ignore format: one line
    const headers = { authorization: `GenieKey ${api_key}` }
    await postJson(url ?? `https://${host}/v2/alerts`, alert, { to: 'Opsgenie', signal, headers })
  },
})
