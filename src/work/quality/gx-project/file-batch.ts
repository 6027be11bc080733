import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'
import type { Partitioner } from './data-source.ts'

/** One file of an asset, and what its path says. */
export interface FileBatch {
  readonly file: string
  readonly identifiers: Readonly<Record<string, string>>
}

/**
 * The batch of a file asset that is validated: the last, in the order of its parameters, of the files whose path
 * matches the partitioner's regular expression and the asked parameters.
 * @throws MillraceError BATCH_NOT_FOUND, OPTION_UNKNOWN for a parameter the expression has not
 */
export async function lastFile(
  base: string,
  partitioner: Partitioner | null | undefined,
  asked: Readonly<Record<string, string>>,
  at: Place,
): Promise<FileBatch> {
  const pattern = pythonPattern(partitioner?.regex ?? '.*', at)
  const names = partitioner?.param_names ?? []
  const unknown = Object.keys(asked).find((name) => name !== 'path' && !names.includes(name))
  if (unknown !== undefined) {
    throw unknownName('OPTION_UNKNOWN', 'the batch parameter', unknown, [...names, 'path'], { at })
  }
  const batches = (await filesBelow(base, at)).flatMap((path): FileBatch[] => {
    const match = pattern.exec(path)
    if (match === null) return []
    const identifiers: Record<string, string> = { path }
    for (const name of names) identifiers[name] = match.groups?.[name] ?? ''
    const wanted = Object.entries(asked).every(([name, value]) => identifiers[name] === value)
    return wanted ? [{ file: join(base, path), identifiers }] : []
  })
  const key = ({ identifiers }: FileBatch) => names.map((name) => identifiers[name] ?? '')
  batches.sort((a, b) => compared(key(a), key(b)) || compared([a.file], [b.file]))
  if (partitioner?.sort_ascending === false) batches.reverse()
  const last = batches.at(-1)
  if (last !== undefined) return last
  const parameters = Object.entries(asked).map(([name, value]) => `${name}=${value}`)
  throw new MillraceError(
    'BATCH_NOT_FOUND',
    `no file in ${base} matches ${partitioner?.regex ?? 'the asset'}${parameters.length > 0 ? ` with ${parameters.join(', ')}` : ''}`,
    { at },
  )
}

/** A folder that the project names: from the context's folder, the one around it, or where the command runs. */
export function placeOf(path: string, contextDir: string): string {
  const places = [contextDir, dirname(contextDir), process.cwd()].map((dir) => resolve(dir, path))
  return places.find((place) => existsSync(place)) ?? resolve(dirname(contextDir), path)
}

/** Python's named groups are JavaScript's but for a letter; the match begins at the begin of the path. */
function pythonPattern(written: string, at: Place): RegExp {
  try {
    return new RegExp(`^(?:${written.replaceAll('(?P<', '(?<').replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')})`, 'u')
  } catch (cause) {
    throw new MillraceError('GX_PROJECT_INVALID', `the regular expression ${written} cannot be read`, { at, cause })
  }
}

async function filesBelow(base: string, at: Place): Promise<string[]> {
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new MillraceError('BATCH_NOT_FOUND', `the folder ${base} cannot be read`, { at, cause })
  })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

function compared(a: readonly string[], b: readonly string[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? ''
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
