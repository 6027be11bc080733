import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { DBT_VERSION } from '../artifacts/metadata.ts'
import { yamlRenderer } from '../context/base-context.ts'
import { readDbtProject } from '../read/dbt-project.ts'
import { addPackage } from './add-package.ts'
import { checkout, type FetchOptions, fetchHub, fetchPackage } from './fetch-package.ts'
import { readPackageList } from './package-list.ts'
import { listHash, readLock, settles, writeLock } from './package-lock.ts'
import { describe, type PinnedPackage, resolvePackages } from './resolve-packages.ts'

/** What `dbt deps` is told. */
export interface DepsOptions {
  readonly dir: string
  /** Settles versions anew, whatever package-lock.yml says. */
  readonly upgrade?: boolean
  /** Writes package-lock.yml and installs nothing. */
  readonly lock?: boolean
  /** Adds a package to packages.yml first: `owner/name@1.0.0`. */
  readonly addPackage?: string
  /** What `addPackage` names; a package of the hub when absent. */
  readonly source?: 'hub' | 'git' | 'local'
  readonly vars?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  readonly onEvent?: (message: string) => void
}

/** What was installed. */
export interface DepsResult {
  readonly packages: readonly PinnedPackage[]
  /** Whether versions were settled anew. */
  readonly settled: boolean
}

/**
 * Installs the packages of a project into `dbt_packages/`, all or none: those of package-lock.yml when it fits
 * packages.yml, else the newest that meet what is asked for.
 * @throws MillraceError PACKAGE_INVALID, PACKAGE_NOT_FOUND, PACKAGE_CONFLICT, CONNECTION_FAILED, DEPENDENCY_MISSING
 */
export async function installPackages(options: DepsOptions): Promise<DepsResult> {
  const { dir, signal, onEvent } = options
  const environment = options.environment ?? {}
  const say = onEvent ?? (() => undefined)
  const render = yamlRenderer({ vars: options.vars ?? {}, environment, file: 'packages.yml' })
  const project = await readDbtProject(dir, render)
  if (options.addPackage !== undefined) await addPackage(dir, options.addPackage, options.source ?? 'hub')
  const { packages: wanted, file } = await readPackageList(dir, render)
  if (wanted.length === 0) {
    say(`there are no packages in ${file}`)
    return { packages: [], settled: false }
  }
  const place = join(dir, project.packagesPath)
  await mkdir(dir, { recursive: true })
  const scratch = await mkdtemp(`${place}.`)
  const fetching: FetchOptions = {
    dir,
    scratch,
    render,
    hub: environment['DBT_PACKAGE_HUB_URL'] ?? 'https://hub.getdbt.com/',
    ...(signal ? { signal } : {}),
  }
  try {
    const lock = options.upgrade ? undefined : await readLock(dir)
    const fits = lock !== undefined && (lock.hash === listHash(wanted) || settles(lock.packages, wanted))
    const pinned = fits
      ? lock.packages
      : await resolvePackages(
          wanted,
          { hub: (name) => fetchHub(name, fetching), fetch: (spec) => fetchPackage(spec, fetching) },
          DBT_VERSION,
        )
    if (pinned.some(({ name }) => name === project.name)) {
      throw new MillraceError(
        'PACKAGE_CONFLICT',
        `settling the packages: one is named "${project.name}" as the project`,
      )
    }
    if (!fits) await writeLock(dir, pinned, wanted)
    if (options.lock) return { packages: pinned, settled: !fits }
    const staged = join(scratch, 'staged')
    await mkdir(staged)
    for (const one of pinned) {
      const name = await install(one, staged, fetching)
      say(`installed ${name} (${describe(one)})`)
    }
    await rm(place, { recursive: true, force: true })
    await rename(staged, place)
    return { packages: pinned, settled: !fits }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Puts a package into a folder, below the name of its project. */
async function install(one: PinnedPackage, folder: string, fetching: FetchOptions): Promise<string> {
  const { dir } = await checkout(one, fetching)
  // Not the lock file's word for it: the name becomes a path.
  const { name } = await readDbtProject(dir, fetching.render)
  const into = join(folder, name)
  if (one.kind === 'local') {
    // A link, so that what is changed there counts at once; not every file system has links.
    await symlink(dir, into, 'dir').catch(() => cp(dir, into, { recursive: true }))
    return name
  }
  await rename(dir, into)
  return name
}
