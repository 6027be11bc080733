import { cp } from 'node:fs/promises'
import { join } from 'node:path'

/** A copy of one of the tables beside this file, to be changed. @param name such as `dat/deletion_vectors` */
export async function copyTable(name: string, into: string): Promise<void> {
  await cp(join(import.meta.dirname, name, 'delta'), into, { recursive: true })
}
