import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a server of the tests got it. */
export interface Heard {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Record<string, unknown>
}

/** A server on the loopback that keeps what it hears; `answers` are its statuses in turn, the last for all that follow. */
export async function listener(
  ...answers: readonly (number | 'silence')[]
): Promise<{ readonly url: string; readonly heard: Heard[] } & AsyncDisposable> {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const answer = answers[Math.min(heard.length, answers.length - 1)] ?? 200
    heard.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) })
    if (answer === 'silence') return
    response.writeHead(answer, { 'content-type': 'application/json' }).end('{"ok":true}')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
