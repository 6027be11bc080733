import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { PackageSpec } from './package-list.ts'
import { newestOf } from './version-range.ts'

/** What the hub knows of one package: each version with the packages it needs. */
export interface HubPackage {
  readonly name: string
  readonly versions: ReadonlyMap<string, HubVersion>
}

/** One version of a package of the hub. */
export interface HubVersion {
  /** The name of its project. */
  readonly name: string
  readonly tarball: string
  readonly packages: readonly PackageSpec[]
  /** Versions of dbt it runs with, as ranges; empty for all. */
  readonly requiresDbt: readonly string[]
}

/** A package of which is settled exactly what is installed. */
export type PinnedPackage =
  | { readonly kind: 'local'; readonly name: string; readonly local: string }
  | {
      readonly kind: 'git'
      readonly name: string
      readonly git: string
      /** The commit. */
      readonly revision: string
      readonly subdirectory?: string
    }
  | { readonly kind: 'tarball'; readonly name: string; readonly tarball: string }
  | { readonly kind: 'hub'; readonly name: string; readonly package: string; readonly version: string }

/** A package that was fetched in order to be looked into. */
export interface FetchedPackage {
  readonly name: string
  /** The commit, of one from git. */
  readonly revision?: string
  readonly packages: readonly PackageSpec[]
}

/** Where packages are looked up. */
export interface PackageSources {
  hub(name: string): Promise<HubPackage>
  /** A package that is not on the hub. */
  fetch(spec: Exclude<PackageSpec, { kind: 'hub' }>): Promise<FetchedPackage>
}

/**
 * Settles which packages are installed, with those that they need themselves. As in dbt the first of several versions
 * that meet what is known so far is taken, and refused later if another package excludes it.
 * @throws MillraceError PACKAGE_NOT_FOUND, PACKAGE_CONFLICT
 */
export async function resolvePackages(
  wanted: readonly PackageSpec[],
  sources: PackageSources,
  dbtVersion: string,
): Promise<PinnedPackage[]> {
  const merged = new Map<string, PackageSpec>()
  const pinned = new Map<string, PinnedPackage>()
  let pending: readonly PackageSpec[] = wanted
  while (pending.length > 0) {
    const next: PackageSpec[] = []
    for (const spec of pending) {
      const key = keyOf(spec)
      const both = merge(merged.get(key), spec)
      const known = pinned.get(key)
      if (known && JSON.stringify(both) === JSON.stringify(merged.get(key))) continue
      merged.set(key, both)
      const { package: one, needs } = await pin(both, sources, dbtVersion)
      if (known && JSON.stringify(known) === JSON.stringify(one)) continue
      pinned.set(key, one)
      next.push(...needs)
    }
    pending = next
  }
  const all = [...pinned.values()]
  for (const one of all) {
    const other = all.find((each) => each !== one && each.name === one.name)
    if (!other) continue
    throw new MillraceError(
      'PACKAGE_CONFLICT',
      `settling the packages: ${describe(one)} and ${describe(other)} are both projects named "${one.name}"`,
      { hint: 'Keep one of them.' },
    )
  }
  return all
}

async function pin(
  spec: PackageSpec,
  sources: PackageSources,
  dbtVersion: string,
): Promise<{ package: PinnedPackage; needs: readonly PackageSpec[] }> {
  if (spec.kind === 'hub') {
    const { versions } = await sources.hub(spec.package)
    const usable = [...versions].filter(
      ([, { requiresDbt }]) => requiresDbt.length === 0 || newestOf([dbtVersion], requiresDbt, true) !== undefined,
    )
    const version = newestOf(
      usable.map(([name]) => name),
      spec.versions,
      spec.prereleases,
    )
    const found = version === undefined ? undefined : versions.get(version)
    if (version === undefined || !found) {
      throw unknownName(
        'PACKAGE_NOT_FOUND',
        `settling the packages: of ${spec.package}, a version`,
        spec.versions.join(', '),
        usable.map(([name]) => name),
      )
    }
    return {
      package: { kind: 'hub', name: found.name, package: spec.package, version },
      needs: found.packages,
    }
  }
  const { name, revision, packages } = await sources.fetch(spec)
  if (spec.kind === 'git') {
    const { revision: _, ...rest } = spec
    return { package: { ...rest, name, revision: revision ?? spec.revision ?? 'HEAD' }, needs: packages }
  }
  return { package: { ...spec, name }, needs: packages }
}

/** What two packages must share to be one. */
function keyOf(spec: PackageSpec): string {
  switch (spec.kind) {
    case 'local':
      return `local ${spec.local}`
    case 'git':
      return `git ${spec.git.replace(/\.git$/, '')} ${spec.subdirectory ?? ''}`
    case 'tarball':
      return `tarball ${spec.tarball}`
    case 'hub':
      return `hub ${spec.package.toLowerCase()}`
  }
}

function merge(first: PackageSpec | undefined, second: PackageSpec): PackageSpec {
  if (!first) return second
  if (first.kind === 'hub' && second.kind === 'hub') {
    return {
      ...first,
      versions: [...new Set([...first.versions, ...second.versions])],
      prereleases: first.prereleases || second.prereleases,
    }
  }
  if (first.kind === 'git' && second.kind === 'git' && first.revision !== second.revision) {
    if (first.revision === undefined) return second
    if (second.revision === undefined) return first
    throw new MillraceError(
      'PACKAGE_CONFLICT',
      `settling the packages: ${first.git} is wanted at ${first.revision} and at ${second.revision}`,
      { hint: 'Name one revision everywhere.' },
    )
  }
  return first
}

/** A package in words. */
export function describe(one: PinnedPackage): string {
  switch (one.kind) {
    case 'local':
      return one.local
    case 'git':
      return `${one.git} at ${one.revision.slice(0, 12)}`
    case 'tarball':
      return one.tarball
    case 'hub':
      return `${one.package} ${one.version}`
  }
}
