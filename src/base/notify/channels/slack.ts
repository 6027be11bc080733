import { z } from 'zod'
import { MillraceError } from '../../kernel/index.ts'
import { defineChannel, type Level, type Notice } from '../contract.ts'
import { postJson } from '../post.ts'

const SIGNS: Record<Level, string> = { ok: ':white_check_mark:', info: ':information_source:', warning: ':warning:', critical: ':no_entry:' } // biome-ignore format: a table

/** Slack takes at most 50 blocks, 150 characters in a header and 3,000 in a section (its reference, "Block Kit"). */
const [MOST_BLOCKS, MOST_HEADER, MOST_TEXT] = [50, 150, 3000]

export default defineChannel({
  name: 'slack',
  summary: 'Posts to Slack, by an incoming webhook or as an app.',
  options: z
    .strictObject({
      webhook: z.url().optional().describe('The address of an incoming webhook.'),
      token: z.string().optional().describe('The token of an app, instead of a webhook.'),
      channel: z.string().optional().describe('The channel the app posts to.'),
      url: z.url().default('https://slack.com/api/chat.postMessage').describe('Where an app posts to.'),
    })
    .refine(({ webhook, token, channel }) => webhook !== undefined || (token !== undefined && channel !== undefined), {
      error: 'give a webhook, or a token and a channel',
    }),
  async send(notice, { webhook, token, channel, url }, { signal }) {
    const message = slackMessage(notice)
    if (webhook !== undefined) {
      await postJson(webhook, message, { to: 'Slack', signal })
      return
    }
    const headers = { authorization: `Bearer ${token}` }
    const answer = saidBy(await postJson(url, { channel, ...message }, { to: 'Slack', signal, headers, answer: true }))
    if (answer.ok !== true) {
      const why = typeof answer.error === 'string' ? answer.error.slice(0, 100) : 'something else than Slack does'
      throw new MillraceError('NOTIFY_FAILED', `telling Slack: it answered ${why}`)
    }
  },
})

function saidBy(text: string): { readonly ok?: unknown; readonly error?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object
  } catch {
    return {}
  }
}

/** A notice in Slack's blocks; what is more than Slack takes is counted, not shown. */
export function slackMessage({ level, title, sections, at, link }: Notice): object {
  const blocks: object[] = [
    { type: 'header', text: { type: 'plain_text', text: cut(`${SIGNS[level]} ${title}`, MOST_HEADER), emoji: true } },
    { type: 'context', elements: [{ type: 'mrkdwn', text: `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC` }] },
  ]
  const room = MOST_BLOCKS - blocks.length - 2
  for (const section of sections.slice(0, room)) {
    const facts = section.facts.map(([name, value]) => `*${escaped(name)}*: ${escaped(value)}`)
    const lines = (section.lines ?? []).map((line) => `• ${escaped(line)}`)
    const text = [`${SIGNS[section.level]} *${escaped(section.title)}*`, ...facts, ...lines].join('\n')
    blocks.push({ type: 'section', text: { type: 'mrkdwn', text: cut(text, MOST_TEXT) } })
  }
  const left = sections.length - room
  if (left > 0) blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: `… and ${left} more` }] })
  if (link !== undefined) blocks.push({ type: 'section', text: { type: 'mrkdwn', text: `<${escaped(link)}|More>` } })
  return { text: cut(escaped(title), MOST_TEXT), blocks }
}

/** Slack's three control characters (its reference, "Formatting text for app surfaces"). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
