import { z } from 'zod'
import { defineChannel, type Level, type Notice } from '../contract.ts'
import { postJson } from '../post.ts'

const COLOURS: Record<Level, string> = { ok: 'Good', info: 'Accent', warning: 'Warning', critical: 'Attention' }

/** Teams takes messages of up to 28 KB; sections beyond this number are counted, not shown. */
const MOST_SECTIONS = 30

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
    { type: 'TextBlock', size: 'Medium', weight: 'Bolder', wrap: true, text: title, color: COLOURS[level] },
    { type: 'TextBlock', isSubtle: true, spacing: 'None', wrap: true, text: at.toISOString() },
  ]
  for (const section of sections.slice(0, MOST_SECTIONS)) {
    body.push(
      {
        type: 'TextBlock',
        weight: 'Bolder',
        separator: true,
        wrap: true,
        text: section.title,
        color: COLOURS[section.level],
      },
      { type: 'FactSet', facts: section.facts.map(([name, value]) => ({ title: name, value })) },
      ...(section.lines ?? []).map((line) => ({ type: 'TextBlock', wrap: true, spacing: 'None', text: `- ${line}` })),
    )
  }
  const left = sections.length - MOST_SECTIONS
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
