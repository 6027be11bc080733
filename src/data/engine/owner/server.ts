import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { Engine } from '../contract.ts'
import { Frames } from './frames.ts'
import { type Answer, type Hello, PROTOCOL, type Request, type Welcome } from './protocol.ts'
import { Session } from './session.ts'

/** The owner's door: lets other processes of the same user use its engine. */
export interface OwnerServer {
  /** Process numbers of the clients, one for each engine they have opened. */
  readonly clients: () => number[]
  /** Resolves when a client came or went. */
  readonly changed: () => Promise<void>
  /** Lets nobody in any more: who comes is told to try again. */
  readonly refuse: () => void
  /** Closes the door; with clients inside, their connections are lost. */
  readonly close: () => Promise<void>
}

/** Listens on a socket that only this user can open. */
export async function serveEngine(engine: Engine, path: string, socketPath: string): Promise<OwnerServer> {
  const clients = new Map<Socket, number>()
  const sockets = new Set<Socket>()
  let waiting: (() => void)[] = []
  let refusing = false
  const tell = () => {
    const all = waiting
    waiting = []
    for (const resolve of all) resolve()
  }

  const server: Server = createServer((socket) => {
    sockets.add(socket)
    let session: Promise<Session> | undefined
    const frames = new Frames<Welcome | Answer, Hello | Request>(
      socket,
      (message) => {
        if (message.op !== 'hello') {
          session?.then(
            (open) => open.receive(message),
            () => undefined,
          )
          return
        }
        const refusal = refuse(message, path, refusing)
        if (refusal) {
          frames.send(refusal)
          frames.end()
          return
        }
        if (message.role === 'engine') clients.set(socket, message.pid)
        else session = openSession(engine, frames)
        const { name, dialect, database, capabilities } = engine
        const welcome: Welcome = { op: 'welcome', pid: process.pid, name, dialect, database, capabilities }
        if (session === undefined) frames.send(welcome)
        else session.then(() => frames.send(welcome)).catch(() => undefined)
        tell()
      },
      () => {
        sockets.delete(socket)
        clients.delete(socket)
        session?.then((open) => open.dispose()).catch(() => undefined)
        tell()
      },
    )
  })
  server.listen(socketPath)
  await once(server, 'listening')
  // The folder is closed to others already.
  if (process.platform !== 'win32') await chmod(socketPath, 0o600)
  // An owner that forgot to close does not stay for its door, but it stays for the clients inside.
  server.unref()

  return {
    clients: () => [...clients.values()],
    changed: () => new Promise((resolve) => waiting.push(resolve)),
    refuse: () => {
      refusing = true
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function refuse(hello: Hello, path: string, refusing: boolean): Welcome | undefined {
  // Of another file: the address it came by was out of date.
  if (refusing || hello.path !== path) return { op: 'retry' }
  if (hello.protocol === PROTOCOL) return undefined
  const error = new MillraceError(
    'DATABASE_LOCKED',
    `process ${process.pid} owns ${path} and is another version of Millrace`,
    {
      hint: 'Use the same version in both processes, or stop the other one first.',
      data: { pid: process.pid },
    },
  )
  return { op: 'refused', error: error.toJSON() }
}

async function openSession(engine: Engine, frames: Frames<Welcome | Answer, unknown>): Promise<Session> {
  try {
    return new Session(await engine.connect(), (answer) => frames.send(answer))
  } catch (thrown) {
    frames.send({ op: 'refused', error: asMillraceError(thrown).toJSON() })
    frames.end()
    throw thrown
  }
}
