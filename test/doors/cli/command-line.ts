import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command that runs: `done` waits for its end, `says` for a text on either of its streams. */
export interface Running {
  readonly child: ChildProcess
  readonly done: Promise<Finished>
  says(text: string): Promise<void>
}

const SCRIPT = join(import.meta.dirname, 'millrace.ts')
const SHOP = join(import.meta.dirname, '../../../examples/shop')

/** How to start a command: its folder, variables over the environment's, and a shell line that runs before it. */
export interface StartOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Such as `ulimit -f 100`; the command is started by a shell then. */
  readonly before?: string
}

/** Starts a command as a user does, without a terminal. */
export function start(words: readonly string[], { cwd, env, input, before }: StartOptions): Running {
  const own = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', SCRIPT, ...words]
  const [program, ...rest] =
    before === undefined
      ? [process.execPath, ...own]
      : ['/bin/sh', '-c', `${before}; exec "$0" "$@"`, process.execPath, ...own]
  const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, ...inherited } = process.env
  const child = spawn(program ?? '', rest, { cwd, env: { ...inherited, ...env }, stdio: 'pipe' })
  let [out, err] = ['', '']
  const listeners = new Set<() => void>()
  const done = new Promise<Finished>((resolve) => {
    child.stdout.on('data', (chunk) => {
      out += chunk
      for (const listener of listeners) listener()
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
      for (const listener of listeners) listener()
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })
  child.stdin.end(input ?? '')
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if ((out + err).includes(text)) resolve()
      }
      listeners.add(look)
      look()
      void done.then(() => reject(new Error(`ended without saying "${text}":\n${out}${err}`)))
    })
  return { child, done, says }
}

/** Runs a command to its end. */
export function millrace(words: readonly string[], options: StartOptions): Promise<Finished> {
  return start(words, options).done
}

/** The one JSON document that a command printed; anything else on stdout is an error. */
export function json<T = Record<string, unknown>>({ out }: Finished): T {
  return JSON.parse(out) as T
}

/** A folder of its own, removed at the end of the scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'millrace-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A copy of the shop, without what runs of it have left; removed at the end of the scope. */
export async function shop(): Promise<AsyncDisposable & { path: string }> {
  const folder = await temporaryFolder()
  const left = /[\\/](lake|target|\.millrace|[^\\/]*\.duckdb[^\\/]*)$/
  await cp(SHOP, folder.path, { recursive: true, filter: (source) => !left.test(source.slice(SHOP.length)) })
  return folder
}

/** Replaces a text of a file, which must be there. */
export async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
  await writeFile(file, text.replace(from, to))
}
