import { createHash } from 'node:crypto'
import type { Plan } from '../../../data/frame/index.ts'
import type { ProjectServices, TaskOutput } from '../contract.ts'

/** A fingerprint of the files at each address that a task read: `<number of files>:<hash of names, sizes, times>`. */
export type SourceStamps = Readonly<Record<string, string>>

/**
 * The stamps of the files that a plan reads; to be taken before they are read, so that what comes meanwhile counts as
 * changed. An address with a pattern stands for all that is below the folders before it. Tables are not stamped.
 */
export async function sourceStamps(plan: Plan, project: Pick<ProjectServices, 'session'>): Promise<SourceStamps> {
  const { inputsOf } = await import('../../../data/frame/index.ts')
  const paths = inputsOf(plan).paths.filter(({ format }) => format !== 'delta')
  return Object.fromEntries(await Promise.all(paths.map(async ({ path }) => [path, await stampOf(path, project)])))
}

/** The stamps that a task left in its output, if it read files. */
export function stampsIn(output: TaskOutput): SourceStamps {
  const detail = output.detail as { reads?: SourceStamps } | undefined
  return detail?.reads ?? {}
}

/** Whether the files of any of the stamps are others by now. */
export async function haveChanged(
  stamps: SourceStamps,
  project: Pick<ProjectServices, 'session'>,
  known: Map<string, Promise<string>> = new Map(),
): Promise<boolean> {
  for (const [address, before] of Object.entries(stamps)) {
    const now = known.get(address) ?? stampOf(address, project)
    known.set(address, now)
    if ((await now) !== before) return true
  }
  return false
}

async function stampOf(address: string, { session }: Pick<ProjectServices, 'session'>): Promise<string> {
  const folder = /^((?:\w+:\/\/)?[^*?[\]{}]*)\/[^/]*[*?[\]{}]/.exec(address)?.[1] ?? address
  const { store, path } = session.place(folder)
  const clean = path.replace(/\/+$/, '')
  const hash = createHash('sha256')
  const alone = clean === '' ? undefined : await store.head(clean)
  let files = 0
  const add = (name: string, size: number, modified: number): void => {
    files += 1
    hash.update(`${name}\0${size}\0${modified}\n`)
  }
  if (alone) add('', alone.size, alone.modified)
  else {
    const prefix = clean === '' ? '' : `${clean}/`
    for await (const entry of store.list(prefix)) {
      const name = entry.path.slice(prefix.length)
      if (!/(^|\/)[_.]/.test(name)) add(name, entry.size, entry.modified)
    }
  }
  return `${files}:${hash.digest('hex').slice(0, 16)}`
}
