import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const folders: string[] = []

/** A path for a database, in a folder of its own, which `removeDatabases` removes. */
export async function databaseFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-owner-test-'))
  folders.push(folder)
  return join(folder, 'shop.duckdb')
}

/** To be called after all tests of a file: the conformance suite keeps its database longer than a test. */
export async function removeDatabases(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
}

/** Another Millrace process, which can be told to go on, and which says things line by line. */
export class Peer {
  readonly process: ChildProcess
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  #lines: string[] = []
  #wake: () => void = () => {}
  #over = false

  constructor(file: string, script: string) {
    const at = (path: string) => JSON.stringify(new URL(`../../../../src/${path}`, import.meta.url).href)
    const source = `import { openOwned } from ${at('data/engine/owner/index.ts')}
      import { sql } from ${at('base/sql/index.ts')}
      import { createInterface } from 'node:readline'
      const file = ${JSON.stringify(file)}
      const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
      const say = (line) => console.log(typeof line === 'string' ? line : JSON.stringify(line))
      const told = () => input.next()
      const remote = (engine) => engine.constructor.name === 'RemoteEngine'
      ${script}
      process.stdin.destroy()`
    const child = spawn(process.execPath, ['--conditions=millrace-source', '--input-type=module', '-e', source], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.process = child
    let rest = ''
    child.stdout.on('data', (text: Buffer) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      this.#lines.push(...lines)
      this.#wake()
    })
    this.exited = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        this.#over = true
        this.#wake()
        resolve({ code, signal })
      }),
    )
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
  }

  /** The next line it says. */
  async says(): Promise<string> {
    for (;;) {
      const line = this.#lines.shift()
      if (line !== undefined) return line
      if (this.#over) throw new Error('the process ended without saying more')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Lets it go on. */
  tell(): void {
    this.process.stdin?.write('\n')
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}

/** Opens the file, makes a table, says `remote` or `owner`, and closes when told. */
export const HOLDS = `
  const engine = await openOwned(file, { onLinger: (pids) => say({ lingers: pids }) })
  const connection = await engine.connect()
  await connection.execute(sql\`create table if not exists held (k integer)\`)
  say(remote(engine) ? 'remote' : 'owner')
  await told()
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  say('closed')`
