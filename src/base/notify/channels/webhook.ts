import { z } from 'zod'
import { defineChannel } from '../contract.ts'
import { postJson } from '../post.ts'

export default defineChannel({
  name: 'webhook',
  summary: 'Posts the whole notice as JSON.',
  options: z.strictObject({
    url: z.url().describe('Where to post.'),
    headers: z.record(z.string(), z.string()).optional().describe('Headers, such as authorization.'),
  }),
  async send({ level, title, key, at, data }, { url, headers }, { signal }) {
    const body = { level, title, key, at: at.toISOString(), data }
    await postJson(url, body, { to: 'the webhook', signal, ...(headers ? { headers } : {}) })
  },
})
