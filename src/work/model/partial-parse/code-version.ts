import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageVersion } from '../../../base/kernel/index.ts'

/**
 * Tells whether it was this very code that read a project. The name of a built file holds a digest of what it and the
 * files it imports say; on a clone it is the newest of the sources that counts.
 */
export function codeVersion(): string {
  const own = basename(import.meta.url)
  const { dirname } = import.meta
  const rooms = own.endsWith('.ts') ? [join(dirname, '../../../base'), join(dirname, '..')] : []
  const times = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true }).map((file) => statSync(join(room, String(file))).mtimeMs),
  )
  return [packageVersion(), own, ...(times.length > 0 ? [Math.max(...times)] : [])].join(' ')
}
