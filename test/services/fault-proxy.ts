import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is done to one request: nothing, an answer of its own, or one of the faults. */
export type Fault =
  | { readonly status: number; readonly code: string }
  /** The answer is passed on up to so many bytes of its body, then the connection is cut. */
  | { readonly cutAfter: number }
  /** The server does what was asked, and the answer is lost. */
  | 'lose-answer'
  /** The server never learns of this header. */
  | { readonly dropHeader: string }

/** A proxy in front of a server that spoils chosen requests; real bytes over real sockets. */
export async function faultProxy(
  target: string,
  choose: (request: IncomingMessage) => Fault | undefined,
): Promise<{ readonly url: string; readonly seen: readonly string[] } & AsyncDisposable> {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    const fault = choose(incoming)
    if (typeof fault === 'object' && 'status' in fault) {
      incoming.resume()
      outgoing.writeHead(fault.status, { 'content-type': 'application/xml' })
      outgoing.end(`<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>Please wait.</Message></Error>`)
      return
    }
    forward(target, incoming, outgoing, fault)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault | undefined): void {
  const headers = { ...incoming.headers }
  if (typeof fault === 'object' && 'dropHeader' in fault) delete headers[fault.dropHeader]
  const onward = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers }, (answer) => {
    if (fault === 'lose-answer') {
      answer.resume().on('end', () => outgoing.destroy())
      return
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
    if (typeof fault !== 'object' || !('cutAfter' in fault)) {
      answer.pipe(outgoing)
      return
    }
    let left = fault.cutAfter
    answer.on('data', (chunk: Buffer) => {
      if (left <= 0) return
      const part = chunk.subarray(0, left)
      left -= part.length
      outgoing.write(part, () => {
        if (left <= 0) outgoing.destroy()
      })
    })
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
