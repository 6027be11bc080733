import { unknownName } from '../../base/kernel/index.ts'
import {
  CHANNELS,
  type Channel,
  type DeliverOptions,
  type Delivery,
  deliver,
  type Level,
  type Notice,
} from '../../base/notify/index.ts'
import { describeResult, subjectOf } from './outcome.ts'
import type { ExpectationResult, ValidationResult } from './result.ts'
import { SEVERITIES, type Severity } from './suite.ts'

/** When somebody is told: always, by the outcome, or when the worst that is not met has a severity. */
export const NOTIFY_ON = ['all', 'failure', 'success', ...SEVERITIES] as const
export type NotifyOn = (typeof NOTIFY_ON)[number]

/** Whom to tell, how, and when. */
export interface Telling {
  readonly channel: Channel
  readonly options: unknown
  readonly notifyOn: NotifyOn
  /** Lists the expectations that are not met; left out, only their number is told. */
  readonly showFailed: boolean
}

/** What a checkpoint came to, as far as it is told. */
export interface Told {
  readonly checkpoint: string
  readonly success: boolean
  readonly results: readonly ValidationResult[]
  readonly at: Date
}

/** How many unmet expectations a message lists for one validation. */
const MOST_LISTED = 10

/** A channel by its name. @throws MillraceError OPTION_INVALID naming those there are */
export function channelNamed(name: string): Channel {
  const found = CHANNELS.find((channel) => channel.name === name)
  if (found !== undefined) return found
  const names = CHANNELS.map((channel) => channel.name)
  throw unknownName('OPTION_INVALID', 'channel', name, names)
}

/** Tells each whom this outcome concerns; whoever cannot be told is in the answer, and the verdict stays what it is. */
export async function tell(
  told: Told,
  tellings: readonly Telling[],
  options: DeliverOptions = {},
): Promise<Delivery[]> {
  const concerned = tellings.filter(({ notifyOn }) => concerns(notifyOn, told))
  return Promise.all(
    concerned.map(({ channel, options: of, showFailed }) => deliver(channel, of, noticeOf(told, showFailed), options)),
  )
}

/** Whether an outcome is one to be told about. */
export function concerns(notifyOn: NotifyOn, { success, results }: Told): boolean {
  switch (notifyOn) {
    case 'all':
      return true
    case 'success':
      return success
    case 'failure':
      return !success
    default:
      return worst(results) === notifyOn
  }
}

/** The severity of the worst expectation that is not met. */
function worst(results: readonly ValidationResult[]): Severity | undefined {
  const unmet = results.flatMap(unmetOf).map((one) => one.expectation_config.severity)
  return SEVERITIES.find((severity) => unmet.includes(severity))
}

/** How loud an outcome is. */
function levelOf(success: boolean, results: readonly ValidationResult[]): Level {
  if (success) return 'ok'
  return worst(results) === 'critical' ? 'critical' : 'warning'
}

function unmetOf({ results }: ValidationResult): ExpectationResult[] {
  return results.filter((one) => !one.success)
}

/** A checkpoint's outcome as a message. */
export function noticeOf({ checkpoint, success, results, at }: Told, showFailed: boolean): Notice {
  const failed = results.filter((result) => !result.success).length
  return {
    level: levelOf(success, results),
    title: success
      ? `${checkpoint}: all ${results.length} validations succeeded`
      : `${checkpoint}: ${failed} of ${results.length} validations failed`,
    key: `checkpoint ${checkpoint}`,
    at,
    sections: results.map((result) => sectionOf(result, showFailed)),
    data: { checkpoint, success, validations: results.map(summaryOf) },
  }
}

function sectionOf(result: ValidationResult, showFailed: boolean): Notice['sections'][number] {
  const { successful_expectations: met, evaluated_expectations: all } = result.statistics
  const unmet = unmetOf(result)
  const lines = unmet.slice(0, MOST_LISTED).map(describeResult)
  if (unmet.length > MOST_LISTED) lines.push(`… and ${unmet.length - MOST_LISTED} more`)
  return {
    title: subjectOf(result),
    level: levelOf(result.success, [result]),
    facts: [
      ['Suite', result.suite_name],
      ['Met', `${met} of ${all} expectations`],
    ],
    ...(showFailed && lines.length > 0 ? { lines } : {}),
  }
}

/** A validation for programs: what was not met, without the values that were seen. */
function summaryOf(result: ValidationResult): object {
  const { suite_name, success, statistics, meta } = result
  return {
    ...(typeof meta.dataset === 'string' ? { dataset: meta.dataset } : {}),
    suite_name,
    success,
    statistics,
    unmet: unmetOf(result).map(({ expectation_config: { type, kwargs, severity, id }, result: seen }) => ({
      type,
      kwargs,
      severity,
      ...(id === undefined ? {} : { id }),
      ...(seen.unexpected_count === undefined ? {} : { unexpected_count: seen.unexpected_count }),
    })),
  }
}
