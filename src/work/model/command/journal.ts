import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invocationArgs } from '../artifacts/invocation-args.ts'
import type { NodeResult } from './result.ts'
import type { Session } from './session.ts'

/** The journal's file in the target folder. */
const FILE = 'run_journal.ndjson'

/** A run that did not come to its end: its arguments, what it was to do, and how far it came. */
export interface UnfinishedRun {
  readonly args: Readonly<Record<string, unknown>>
  readonly planned: readonly string[]
  /** Statuses by unique id. */
  readonly ended: ReadonlyMap<string, string>
}

/** Notes each node as it ends, so that `retry` can go on after a crash, which leaves no run_results.json. */
export class Journal {
  readonly #file: number

  private constructor(file: number) {
    this.#file = file
  }

  static async start(session: Session, planned: readonly string[]): Promise<Journal> {
    await mkdir(session.targetFolder, { recursive: true })
    const file = join(session.targetFolder, FILE)
    await writeFile(file, `${JSON.stringify({ args: invocationArgs(session), planned })}\n`)
    return new Journal(openSync(file, 'a'))
  }

  note({ unique_id, status }: NodeResult): void {
    writeSync(this.#file, `${JSON.stringify({ unique_id, status })}\n`)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Takes the journal away once run_results.json says everything. */
export async function endJournal(targetFolder: string): Promise<void> {
  await rm(join(targetFolder, FILE), { force: true })
}

/** The run that was broken off in a target folder, if there is one. A line that was cut off by the crash is not read. */
export async function unfinishedRun(targetFolder: string): Promise<UnfinishedRun | undefined> {
  const text = await readFile(join(targetFolder, FILE), 'utf8').catch(() => undefined)
  const [head, ...lines] = (text ?? '').split('\n').slice(0, -1)
  if (head === undefined) return undefined
  const { args, planned } = JSON.parse(head) as { args: Record<string, unknown>; planned: string[] }
  const ended = lines.map((line) => JSON.parse(line) as { unique_id: string; status: string })
  return { args, planned, ended: new Map(ended.map(({ unique_id, status }) => [unique_id, status])) }
}
