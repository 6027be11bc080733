import { z } from 'zod'
import { defineChannel, type Notice } from '../contract.ts'
import { postJson } from '../post.ts'

/** An event may have 512 KB; what is more than this number is counted, not shown. */
const MOST_SECTIONS = 100

const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const

const options = z.strictObject({
  routing_key: z.string().min(1).describe('The integration key of a service.'),
  severity: z.enum(SEVERITIES).default('critical').describe('How urgent an incident is.'),
  url: z.url().default('https://events.pagerduty.com/v2/enqueue').describe('Where events go.'),
})

export default defineChannel({
  name: 'pagerduty',
  summary: 'Opens an incident in PagerDuty, and resolves it when all is well again.',
  options,
  async send(notice, { url, ...given }, { signal }) {
    await postJson(url, pagerDutyEvent(notice, given), { to: 'PagerDuty', signal })
  },
})

/** A notice as an event (PagerDuty, "Events API v2"). */
export function pagerDutyEvent(
  { level, title, sections, key, at }: Notice,
  { routing_key, severity }: Omit<z.output<typeof options>, 'url'>,
): object {
  const details = new Map<string, string>()
  for (const section of sections.slice(0, MOST_SECTIONS)) {
    const text = [...section.facts.map(([name, value]) => `${name}: ${value}`), ...(section.lines ?? [])].join('\n')
    const before = details.get(section.title)
    details.set(section.title, before === undefined ? text : `${before}\n\n${text}`)
  }
  const left = sections.length - MOST_SECTIONS
  if (left > 0) details.set('…', `and ${left} more`)
  return {
    routing_key,
    dedup_key: key.slice(0, 255),
    event_action: level === 'ok' ? 'resolve' : 'trigger',
    payload: {
      summary: title.slice(0, 1024),
      severity,
      source: 'Millrace',
      timestamp: at.toISOString(),
      custom_details: Object.fromEntries(details),
    },
  }
}
