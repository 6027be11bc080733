import type { StorePlace } from './contract.ts'
import { formatOfFile } from './file-relation.ts'

/**
 * The names of the tables that lie directly below a place: its folders, and its data files by their names without
 * endings. Folders are skipped over rather than listed.
 */
export async function tablesBelow(place: StorePlace): Promise<string[]> {
  const prefix = place.path === '' ? '' : `${place.path}/`
  const names = new Set<string>()
  let startAfter: string | undefined
  for (;;) {
    let next: string | undefined
    for await (const entry of place.store.list(prefix, startAfter === undefined ? {} : { startAfter })) {
      const below = entry.path.slice(prefix.length)
      const slash = below.indexOf('/')
      const name = slash < 0 ? below.replace(/(\.[a-z]+)+$/i, '') : below.slice(0, slash)
      const isData = slash >= 0 || formatOfFile(below) !== undefined
      if (isData && !/^[_.]/.test(name)) names.add(name)
      // '0' is the character after '/': everything in the folder sorts before it.
      next = slash < 0 ? entry.path : `${prefix}${below.slice(0, slash)}0`
      break
    }
    if (next === undefined) return [...names].sort()
    startAfter = next
  }
}
