import { z } from 'zod'
import { MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import { channelNamed, NOTIFY_ON, type Telling } from '../tell.ts'
import type { Substitute } from './variables.ts'

/** An action as the file of a checkpoint has it. */
export type GxAction = { readonly type: string; readonly name?: string | undefined } & Readonly<Record<string, unknown>>

/** What a checkpoint does when its verdict is known. */
export interface GxActions {
  readonly tellings: readonly (Telling & { readonly name: string })[]
  /** Sites of Data Docs to write; all when none is named. */
  readonly docs: readonly { readonly name: string; readonly sites: readonly string[] }[]
  /** Actions that have nothing to do here, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

const text = z.string()
const notify = { notify_on: z.enum(NOTIFY_ON) }

/** The actions of Great Expectations 1.24 that tell somebody, with the channel and the options they become. */
const ACTIONS: Readonly<
  Record<string, { readonly shape: z.ZodObject; readonly channel: string; options(given: Given): Record<string, unknown> }>
> = {
  slack: {
    shape: z.looseObject({ ...notify, slack_webhook: text.nullish(), slack_token: text.nullish(), slack_channel: text.nullish() }),
    channel: 'slack',
    options: ({ slack_webhook, slack_token, slack_channel }) => ({
      webhook: slack_webhook,
      token: slack_token,
      channel: slack_channel,
    }),
  },
  microsoft: {
    shape: z.looseObject({ ...notify, teams_webhook: text }),
    channel: 'teams',
    options: ({ teams_webhook }) => ({ webhook: teams_webhook }),
  },
  pagerduty: {
    shape: z.looseObject({ ...notify, routing_key: text, severity: text.optional() }),
    channel: 'pagerduty',
    options: ({ routing_key, severity }) => ({ routing_key, severity }),
  },
  opsgenie: {
    shape: z.looseObject({ ...notify, api_key: text, region: text.nullish(), priority: text.optional(), tags: z.array(text).nullish() }),
    channel: 'opsgenie',
    options: ({ api_key, region, priority, tags }) => ({ api_key, region, priority, tags }),
  },
  email: {
    shape: z.looseObject({
      ...notify,
      smtp_address: text,
      smtp_port: z.union([text, z.number()]),
      receiver_emails: text,
      sender_login: text.nullish(),
      sender_password: text.nullish(),
      sender_alias: text.nullish(),
      use_tls: z.boolean().nullish(),
      use_ssl: z.boolean().nullish(),
    }),
    channel: 'email',
    options: (given) => ({
      host: given['smtp_address'],
      port: given['smtp_port'],
      to: String(given['receiver_emails']).split(',').map((one) => one.trim()),
      from: given['sender_alias'] ?? given['sender_login'],
      user: given['sender_login'],
      password: given['sender_password'],
      tls: given['use_ssl'] === true ? 'implicit' : given['use_tls'] === true ? 'starttls' : 'none',
    }),
  },
  api: {
    shape: z.looseObject({ url: text }),
    channel: 'webhook',
    options: ({ url }) => ({ url }),
  },
} // biome-ignore format: one action after the other
type Given = Readonly<Record<string, unknown>>

const docsShape = z.looseObject({ site_names: z.array(text).nullish() })

/** What each action does when the file does not say when. */
const USUALLY: Readonly<Record<string, 'all' | 'failure'>> = { pagerduty: 'failure', opsgenie: 'failure' }

/** Actions that this runs without, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  sns: 'Amazon SNS is not a channel yet',
}

/**
 * The actions of a checkpoint, checked and with their variables in place before anything runs.
 * @throws MillraceError GX_PROJECT_INVALID, SECRET_MISSING with the place of the action
 */
export function plannedActions(
  actions: readonly GxAction[],
  substitute: Substitute,
  place: (index: number) => Place,
): GxActions {
  const tellings: GxActions['tellings'][number][] = []
  const skipped: GxActions['skipped'][number][] = []
  const docs: GxActions['docs'][number][] = []
  for (const [i, action] of actions.entries()) {
    const at = place(i)
    const name = action.name ?? action.type
    const reason = SKIPPED[action.type]
    if (reason !== undefined) {
      skipped.push({ name, reason })
      continue
    }
    if (action.type === 'update_data_docs') {
      docs.push({ name, sites: checkedPart(docsShape, action, name, at).site_names ?? [] })
      continue
    }
    const known = ACTIONS[action.type]
    if (known === undefined) {
      const types = [...Object.keys(ACTIONS), 'update_data_docs', ...Object.keys(SKIPPED)]
      throw unknownName('GX_PROJECT_INVALID', 'the action', action.type, types, { at })
    }
    const values = Object.fromEntries(
      Object.entries(action).map(([key, value]) => [key, typeof value === 'string' ? substitute(value, at) : value]),
    )
    const given = checkedPart(known.shape, { notify_on: USUALLY[action.type] ?? 'all', ...values }, name, at)
    const stated = Object.entries(known.options(given)).filter(([, value]) => value !== undefined && value !== null)
    const channel = channelNamed(known.channel)
    tellings.push({
      name,
      channel,
      options: checkedPart(channel.options, Object.fromEntries(stated), name, at),
      notifyOn: (given['notify_on'] ?? 'all') as Telling['notifyOn'],
      showFailed: action.type !== 'slack' || action['show_failed_expectations'] === true,
    })
  }
  return { tellings, docs, skipped }
}

/** Checked by a schema; what is told of a fault names the key, not its value, which may be a secret. */
function checkedPart<T>(schema: z.ZodType<T>, value: unknown, name: string, at: Place): T & Given {
  const result = schema.safeParse(value)
  if (result.success) return result.data as T & Given
  const [issue] = result.error.issues
  const key = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw new MillraceError(
    'GX_PROJECT_INVALID',
    `the action "${name}": ${key}${issue?.message ?? 'it cannot be read'}`,
    { at },
  )
}
