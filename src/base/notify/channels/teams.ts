import { z } from 'zod'
import { defineChannel, type Level, type Notice } from '../contract.ts'
import { postJson } from '../post.ts'

const COLOURS: Record<Level, string> = { ok: 'Good', info: 'Accent', warning: 'Warning', critical: 'Attention' }

/** Teams takes messages of up to 28 KB; sections that would make it more than this many bytes are counted, not shown. */
const MOST_BYTES = 20_000

export default defineChannel({
  name: 'teams',
  summary: 'Posts an adaptive card to Microsoft Teams.',
  options: z.strictObject({ webhook: z.url().describe('The address of a workflow or an incoming webhook.') }),
  async send(notice, { webhook }, { signal }) {
    await postJson(webhook, teamsMessage(notice), { to: 'Microsoft Teams', signal })
  },
})

/** A notice as a message with one adaptive card (adaptivecards.io, schema 1.5). */
export function teamsMessage({ level, title, sections, at, link }: Notice): object {
  const body: object[] = [
    { type: 'TextBlock', size: 'Medium', weight: 'Bolder', wrap: true, text: plain(title), color: COLOURS[level] },
    { type: 'TextBlock', isSubtle: true, spacing: 'None', wrap: true, text: at.toISOString() },
  ]
  let [shown, bytes] = [0, 0]
  for (const section of sections) {
    const part = [
      {
        type: 'TextBlock',
        weight: 'Bolder',
        separator: true,
        wrap: true,
        text: plain(section.title),
        color: COLOURS[section.level],
      },
      { type: 'FactSet', facts: section.facts.map(([name, value]) => ({ title: plain(name), value: plain(value) })) },
      ...(section.lines ?? []).map((line) => ({
        type: 'TextBlock',
        wrap: true,
        spacing: 'None',
        text: `- ${plain(line)}`,
      })),
    ]
    bytes += Buffer.byteLength(JSON.stringify(part))
    if (bytes > MOST_BYTES) break
    body.push(...part)
    shown += 1
  }
  const left = sections.length - shown
  if (left > 0) body.push({ type: 'TextBlock', isSubtle: true, text: `… and ${left} more` })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    body,
    ...(link === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'More', url: link }] }),
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

/** Without links of Markdown, which a value could hold and nobody should follow. */
function plain(text: string): string {
  return text.replaceAll('](', '] (')
}
