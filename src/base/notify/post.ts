import { MillraceError } from '../kernel/index.ts'

/** The longest answer that is read, in characters. */
const MOST_OF_AN_ANSWER = 10_000

/** How to post. */
export interface PostOptions {
  /** Who is told, for errors: `Slack`. */
  readonly to: string
  readonly signal: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the answer's text is needed; without it a server that has taken the message is not listened to any longer. */
  readonly answer?: boolean
}

/**
 * Posts JSON, and gives the answer's text when that is asked for.
 * @throws MillraceError NOTIFY_FAILED with the status, but neither the address nor the answer: webhooks are secrets
 */
export async function postJson(
  url: string,
  body: unknown,
  { to, signal, headers, answer: asked }: PostOptions,
): Promise<string> {
  let answer: Response
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    })
  } catch (thrown) {
    throw new MillraceError('NOTIFY_FAILED', `telling ${to}: ${reasonOf(thrown, signal)}`, { retry: 'again' })
  }
  if (answer.ok) return asked ? await textOf(answer, to, signal) : await discarded(answer)
  await discarded(answer)
  const waitMs = retryAfterMs(answer)
  throw new MillraceError('NOTIFY_FAILED', `telling ${to}: it answered ${answer.status}`, {
    hint: answer.status < 500 ? 'Look at the address and the key that the channel has.' : 'It may work later.',
    ...(answer.status >= 500 || answer.status === 429 || answer.status === 408 ? { retry: 'again' as const } : {}),
    ...(waitMs === undefined ? {} : { data: { retryAfterMs: waitMs } }),
  })
}

async function textOf(answer: Response, to: string, signal: AbortSignal): Promise<string> {
  try {
    let text = ''
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      text += part.value
      if (text.length > MOST_OF_AN_ANSWER) break
    }
    await reader?.cancel()
    return text
  } catch (thrown) {
    throw new MillraceError('NOTIFY_FAILED', `telling ${to}: ${reasonOf(thrown, signal)}`, { retry: 'again' })
  }
}

async function discarded(answer: Response): Promise<string> {
  await answer.body?.cancel().catch(() => {})
  return ''
}

/** What `Retry-After` says (RFC 9110, section 10.2.3): seconds or a date. */
function retryAfterMs({ headers }: Response): number | undefined {
  const stated = headers.get('retry-after')
  if (stated === null) return undefined
  const ms = /^\d+$/.test(stated.trim()) ? Number(stated) * 1000 : Date.parse(stated) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** Why a request did not come to an answer, without its address. */
function reasonOf(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'it did not answer in time'
  const { cause } = thrown as { cause?: { code?: string } }
  return cause?.code === undefined ? 'it cannot be reached' : `it cannot be reached (${cause.code})`
}
