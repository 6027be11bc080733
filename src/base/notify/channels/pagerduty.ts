import { z } from 'zod'
import { defineChannel, type Notice } from '../contract.ts'
import { postJson } from '../post.ts'

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
  const details = sections.map((section) => [
    section.title,
    [...section.facts.map(([name, value]) => `${name}: ${value}`), ...(section.lines ?? [])].join('\n'),
  ])
  return {
    routing_key,
    dedup_key: key,
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
