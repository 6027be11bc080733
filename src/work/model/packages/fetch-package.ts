import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { asMillraceError, MillraceError, once } from '../../../base/kernel/index.ts'
import { DBT_PROJECT_FILE, readDbtProject } from '../read/dbt-project.ts'
import type { RenderText } from '../read/render-yaml.ts'
import { type PackageSpec, readPackageList } from './package-list.ts'
import type { FetchedPackage, HubPackage, PinnedPackage } from './resolve-packages.ts'

/** How packages are fetched. */
export interface FetchOptions {
  /** The project that asks for them: `local:` is relative to it. */
  readonly dir: string
  /** A folder for what is fetched. */
  readonly scratch: string
  readonly render: RenderText
  /** The address of the hub, such as `https://hub.getdbt.com/`. */
  readonly hub: string
  readonly signal?: AbortSignal
}

/** A folder that holds a fetched package, and its commit when it came from git. */
export interface Checkout {
  readonly dir: string
  readonly revision?: string
}

const TIMEOUT_MS = 60_000

const hubShape = once(() =>
  z.looseObject({
    name: z.string(),
    versions: z.record(
      z.string(),
      z.looseObject({
        name: z.string(),
        packages: z.array(z.record(z.string(), z.unknown())).default([]),
        downloads: z.looseObject({ tarball: z.string() }),
        require_dbt_version: z.union([z.string(), z.array(z.string())]).nullish(),
      }),
    ),
  }),
)

/** What the hub knows of a package. @throws MillraceError PACKAGE_NOT_FOUND, CONNECTION_FAILED */
export async function fetchHub(name: string, options: FetchOptions): Promise<HubPackage> {
  const url = new URL(`api/v1/${name}.json`, options.hub.endsWith('/') ? options.hub : `${options.hub}/`)
  const response = await download(url.href, options)
  const parsed = hubShape().safeParse(await response.json().catch(() => undefined))
  if (!parsed.success)
    throw new MillraceError('CONNECTION_FAILED', `asking ${url.host} for ${name}: the answer is no package`)
  return {
    name: parsed.data.name,
    versions: new Map(
      Object.entries(parsed.data.versions).map(([version, entry]) => [
        version,
        {
          name: entry.name,
          tarball: entry.downloads.tarball,
          packages: entry.packages.flatMap(hubNeed),
          requiresDbt: [entry.require_dbt_version ?? []].flat().flatMap((text) => text.split(',')),
        },
      ]),
    ),
  }
}

/** A package that a package of the hub needs; these are on the hub too. */
function hubNeed(written: Readonly<Record<string, unknown>>): PackageSpec[] {
  if (typeof written['package'] !== 'string') return []
  const versions = [written['version'] ?? []].flat().flatMap((text) => String(text).split(','))
  return [{ kind: 'hub', package: written['package'], versions, prereleases: false }]
}

/** Fetches a package that is not on the hub and looks into it. */
export async function fetchPackage(
  spec: Exclude<PackageSpec, { kind: 'hub' }>,
  options: FetchOptions,
): Promise<FetchedPackage> {
  const { dir, revision } = await checkout(spec, options)
  if (!existsSync(join(dir, DBT_PROJECT_FILE))) {
    throw new MillraceError('PACKAGE_INVALID', `looking into ${placeOf(spec)}: it has no ${DBT_PROJECT_FILE}`, {
      hint:
        spec.kind === 'git'
          ? 'Name the folder of the project with `subdirectory`.'
          : 'Name the folder of a dbt project.',
    })
  }
  const { name } = await readDbtProject(dir, options.render)
  const { packages } = await readPackageList(dir, options.render)
  return { name, packages, ...(revision === undefined ? {} : { revision }) }
}

/** A folder with the files of a package. Called again for the same one, it fetches nothing. */
export async function checkout(
  spec: Exclude<PackageSpec, { kind: 'hub' }> | PinnedPackage,
  options: FetchOptions,
): Promise<Checkout> {
  switch (spec.kind) {
    case 'local': {
      const dir = resolve(options.dir, spec.local)
      if (existsSync(dir)) return { dir }
      throw new MillraceError('PACKAGE_NOT_FOUND', `looking for the package ${spec.local}: there is no such folder`, {
        hint: `A local package is a folder, relative to the project: ${dir}.`,
      })
    }
    case 'git':
      return clone(spec, options)
    case 'tarball':
      return { dir: await unpack(spec.tarball, options) }
    case 'hub': {
      const found = (await fetchHub(spec.package, options)).versions.get(spec.version)
      if (found) return { dir: await unpack(found.tarball, options) }
      throw new MillraceError('PACKAGE_NOT_FOUND', `fetching ${spec.package}: the hub has no version ${spec.version}`, {
        hint: 'Settle the versions anew with: millrace dbt deps --upgrade',
      })
    }
  }
}

/** Runs a program. What that needs takes a sixth of the time to start a command, so that it is loaded here. */
async function execute(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal } = {},
): Promise<{ readonly stdout: string }> {
  const { execFile } = await import('node:child_process')
  return promisify(execFile)(program, args, options)
}

async function clone(
  { git, revision, subdirectory }: { git: string; revision?: string; subdirectory?: string },
  options: FetchOptions,
): Promise<Checkout> {
  const into = join(options.scratch, slot(`git ${git} ${revision ?? ''}`))
  const run = async (...args: string[]): Promise<string> => {
    try {
      const { stdout } = await execute('git', args, {
        // Never ask for a password: there is nobody to answer.
        env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
        ...(options.signal ? { signal: options.signal } : {}),
      })
      return stdout.trim()
    } catch (thrown) {
      throw gitFailed(git, revision, thrown)
    }
  }
  // A word that begins with a dash would be an option of git.
  if (git.startsWith('-') || revision?.startsWith('-')) throw gitFailed(git, revision, new Error('not an address'))
  if (!existsSync(into)) {
    // Relative addresses are relative to the project.
    const address = existsSync(resolve(options.dir, git)) ? resolve(options.dir, git) : git
    await run('clone', '--quiet', '--', address, into)
    if (revision !== undefined && revision !== 'HEAD') await run('-C', into, 'checkout', '--quiet', revision, '--')
  }
  const commit = await run('-C', into, 'rev-parse', 'HEAD')
  return { dir: subdirectory === undefined ? into : join(into, subdirectory), revision: commit }
}

function gitFailed(git: string, revision: string | undefined, thrown: unknown): MillraceError {
  const { code, stderr } = thrown as { code?: unknown; stderr?: string }
  const what = revision === undefined ? git : `${git} at ${revision}`
  if (code === 'ENOENT') {
    return new MillraceError('DEPENDENCY_MISSING', `fetching ${what}: the command git was not found`, {
      hint: 'Install git, or name the package by tarball.',
      cause: thrown,
    })
  }
  const words = (stderr ?? '').trim().split('\n').at(-1) ?? ''
  return new MillraceError('PACKAGE_NOT_FOUND', `fetching ${what}: ${words === '' ? 'git failed' : words}`, {
    hint: 'See whether git can clone it here, and whether the revision exists.',
    cause: thrown,
  })
}

async function unpack(url: string, options: FetchOptions): Promise<string> {
  const into = join(options.scratch, slot(`tarball ${url}`))
  if (!existsSync(into)) {
    const response = await download(url, options)
    const archive = `${into}.tar.gz`
    await writeFile(archive, Buffer.from(await response.arrayBuffer()))
    await mkdir(into)
    try {
      await execute('tar', ['-xzf', archive, '-C', into])
    } catch (cause) {
      throw new MillraceError('PACKAGE_INVALID', `unpacking ${url}: it is no tar archive packed by gzip`, { cause })
    }
  }
  // Archives of code hosts hold one folder, named for the commit.
  if (existsSync(join(into, DBT_PROJECT_FILE))) return into
  const inside = (await readdir(into, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  return join(into, inside[0]?.name ?? '')
}

async function download(url: string, { signal }: FetchOptions): Promise<Response> {
  const limit = AbortSignal.timeout(TIMEOUT_MS)
  let response: Response
  try {
    response = await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit })
  } catch (thrown) {
    if (signal?.aborted) throw asMillraceError(signal.reason, 'CANCELLED')
    throw new MillraceError('CONNECTION_FAILED', `fetching ${url}: ${(thrown as Error).message}`, {
      cause: thrown,
      hint: 'See whether the address can be reached from here.',
    })
  }
  if (response.ok) return response
  throw new MillraceError(
    response.status === 404 ? 'PACKAGE_NOT_FOUND' : 'CONNECTION_FAILED',
    `fetching ${url}: the answer is ${response.status}`,
    { hint: 'See whether the name is right: packages are listed at https://hub.getdbt.com.' },
  )
}

function slot(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function placeOf(spec: Exclude<PackageSpec, { kind: 'hub' }>): string {
  return spec.kind === 'local' ? spec.local : spec.kind === 'git' ? spec.git : spec.tarball
}
