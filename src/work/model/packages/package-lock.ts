import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { once } from '../../../base/kernel/index.ts'
import { checked, parseYaml } from '../../../base/project/index.ts'
import type { PackageSpec } from './package-list.ts'
import type { PinnedPackage } from './resolve-packages.ts'
import { meetsAll } from './version-range.ts'

/** Beside packages.yml: what was settled, so that everybody installs the same. */
export const PACKAGE_LOCK = 'package-lock.yml'

const shape = once(() =>
  z.looseObject({
    packages: z
      .array(
        z.looseObject({
          name: z.string().optional(),
          local: z.string().optional(),
          git: z.string().optional(),
          revision: z.union([z.string(), z.number()]).optional(),
          subdirectory: z.string().optional(),
          tarball: z.string().optional(),
          package: z.string().optional(),
          version: z.union([z.string(), z.number()]).optional(),
        }),
      )
      .nullish(),
    sha1_hash: z.string().nullish(),
  }),
)

/** What a project's package-lock.yml settles, and the mark of the list it was made for; undefined without one. */
export async function readLock(
  dir: string,
): Promise<{ readonly packages: readonly PinnedPackage[]; readonly hash: string | undefined } | undefined> {
  const file = join(dir, PACKAGE_LOCK)
  if (!existsSync(file)) return undefined
  const found = checked(
    parseYaml(await readFile(file, 'utf8'), PACKAGE_LOCK, 'PACKAGE_INVALID', 'python'),
    shape(),
    'PACKAGE_INVALID',
  )
  return {
    hash: found.sha1_hash ?? undefined,
    packages: (found.packages ?? []).flatMap((entry): PinnedPackage[] => {
      const { local, git, tarball, package: hub, subdirectory } = entry
      const name = entry.name ?? ''
      if (local !== undefined) return [{ kind: 'local', name, local }]
      if (tarball !== undefined) return [{ kind: 'tarball', name, tarball }]
      if (hub !== undefined) return [{ kind: 'hub', name, package: hub, version: String(entry.version) }]
      if (git === undefined) return []
      const revision = String(entry.revision ?? 'HEAD')
      return [{ kind: 'git', name, git, revision, ...(subdirectory === undefined ? {} : { subdirectory }) }]
    }),
  }
}

/** Writes package-lock.yml, whole or not at all. */
export async function writeLock(
  dir: string,
  packages: readonly PinnedPackage[],
  list: readonly PackageSpec[],
): Promise<void> {
  const entries = packages.map(({ kind, ...entry }) => entry)
  const temporary = join(dir, `${PACKAGE_LOCK}.${process.pid}.tmp`)
  await writeFile(temporary, stringify({ packages: entries, sha1_hash: listHash(list) }))
  await rename(temporary, join(dir, PACKAGE_LOCK))
}

/** The mark of a list of packages: another one means that the list was changed. */
export function listHash(list: readonly PackageSpec[]): string {
  const texts = list.map((spec) => JSON.stringify(spec, Object.keys(spec).sort())).sort()
  return createHash('sha1').update(texts.join('\n')).digest('hex')
}

/** Whether a lock that another tool wrote (with a mark of its own) still settles all that a list asks for. */
export function settles(packages: readonly PinnedPackage[], list: readonly PackageSpec[]): boolean {
  return list.every((spec) =>
    packages.some((one) => {
      if (spec.kind === 'hub')
        return one.kind === 'hub' && one.package === spec.package && meetsAll(one.version, spec.versions)
      if (spec.kind === 'git')
        return (
          one.kind === 'git' &&
          one.git === spec.git &&
          one.subdirectory === spec.subdirectory &&
          // A tag or branch may stand for the commit: only the first lock knows.
          (spec.revision === undefined || one.revision === spec.revision)
        )
      if (spec.kind === 'local') return one.kind === 'local' && one.local === spec.local
      return one.kind === 'tarball' && one.tarball === spec.tarball
    }),
  )
}
