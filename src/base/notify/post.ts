import { MillraceError } from '../kernel/index.ts'

/** How to post. */
export interface PostOptions {
  /** Who is told, for errors: `Slack`. */
  readonly to: string
  readonly signal: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Posts JSON, and gives the answer's text.
 * @throws MillraceError NOTIFY_FAILED with the status, but neither the address nor the answer: webhooks are secrets
 */
export async function postJson(url: string, body: unknown, { to, signal, headers }: PostOptions): Promise<string> {
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
  const text = await answer.text().catch(() => '')
  if (answer.ok) return text
  throw new MillraceError('NOTIFY_FAILED', `telling ${to}: it answered ${answer.status}`, {
    hint: answer.status < 500 ? 'Look at the address and the key that the channel has.' : 'It may work later.',
    ...(answer.status >= 500 || answer.status === 429 || answer.status === 408 ? { retry: 'again' as const } : {}),
  })
}

/** Why a request did not come to an answer, without its address. */
function reasonOf(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'it did not answer in time'
  const { cause } = thrown as { cause?: { code?: string } }
  return cause?.code === undefined ? 'it cannot be reached' : `it cannot be reached (${cause.code})`
}
