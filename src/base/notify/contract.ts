import type { z } from 'zod'

/** How a notice is meant; the worse, the louder a channel may be. */
export const LEVELS = ['ok', 'info', 'warning', 'critical'] as const
export type Level = (typeof LEVELS)[number]

/** What is told: plain text, which each channel puts into its own form. Holds no secret and no whole rows. */
export interface Notice {
  readonly level: Level
  /** One line, such as `daily: 1 of 4 validations failed`. */
  readonly title: string
  /** What belongs together, with facts and lines of text. */
  readonly sections: readonly Section[]
  /** What it is about; notices of one key are one incident to a pager. */
  readonly key: string
  /** When it came about. */
  readonly at: Date
  /** The whole of it for programs, as JSON; a webhook posts it. */
  readonly data: unknown
  /** A page that tells more. */
  readonly link?: string
}

export interface Section {
  readonly title: string
  readonly level: Level
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly lines?: readonly string[]
}

/** How a channel reaches out: what it calls, one attempt long. */
export interface SendOptions {
  /** Ends the attempt: its time-out, or the end of the command. */
  readonly signal: AbortSignal
  /** How long the attempt may take, for clients that end what they began only by a time of their own. */
  readonly timeoutMs: number
}

/** A way to tell somebody, such as Slack: one file in `channels/`. */
export interface Channel<Options = unknown> {
  /** Its name in files, such as `slack`. */
  readonly name: string
  readonly summary: string
  readonly options: z.ZodType<Options>
  /**
   * Tells it once; whoever calls tries again when the error says that this can help.
   * @throws MillraceError NOTIFY_FAILED, DEPENDENCY_MISSING; neither shows an address, which may be a secret
   */
  send(notice: Notice, options: Options, how: SendOptions): Promise<void>
}

/** States a channel with the types of its options. */
export function defineChannel<Options>(channel: Channel<Options>): Channel<Options> {
  return channel
}
