import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy in front of a server of TCP that loses connections. */
export interface CutProxy extends AsyncDisposable {
  readonly port: number
  /** Lets each of the next `times` connections pass so many bytes of answers and then loses it. */
  cut(afterBytes: number, times?: number): void
  /** Loses all connections that there are. */
  cutNow(): void
  readonly connections: number
}

/** Starts one; real bytes over real sockets. */
export async function cutProxy(target: { readonly hostname: string; readonly port: number }): Promise<CutProxy> {
  let limit = Number.POSITIVE_INFINITY
  let left = 0
  let connections = 0
  const open = new Set<Socket>()
  const server = createServer((near) => {
    connections += 1
    const spoiled = left > 0
    left -= spoiled ? 1 : 0
    let allowed = spoiled ? limit : Number.POSITIVE_INFINITY
    const far = connect(target.port, target.hostname)
    const end = () => {
      near.destroy()
      far.destroy()
    }
    for (const side of [near, far]) {
      open.add(side)
      side.on('error', end).on('close', () => {
        open.delete(side)
        end()
      })
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => {
      const part = bytes.subarray(0, Math.max(0, allowed))
      allowed -= bytes.length
      const more = near.write(part, allowed <= 0 ? end : undefined)
      if (more || allowed <= 0) return
      far.pause()
      near.once('drain', () => far.resume())
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    cut(afterBytes, times = 1) {
      limit = afterBytes
      left = times
    },
    cutNow() {
      for (const socket of open) socket.destroy()
    },
    get connections() {
      return connections
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
