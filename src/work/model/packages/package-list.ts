import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MillraceError, once } from '../../../base/kernel/index.ts'
import { checked, parseYaml, type YamlFile } from '../../../base/project/index.ts'
import { type RenderText, renderYaml } from '../read/render-yaml.ts'

/** A package as a project asks for it. */
export type PackageSpec =
  | { readonly kind: 'local'; readonly local: string }
  | {
      readonly kind: 'git'
      readonly git: string
      /** A branch, tag or commit; the repository's main branch when absent. */
      readonly revision?: string
      readonly subdirectory?: string
    }
  | { readonly kind: 'tarball'; readonly tarball: string; readonly name: string }
  | {
      readonly kind: 'hub'
      /** `owner/name`. */
      readonly package: string
      /** Exact versions or ranges, all of which must be met: `1.1.0`, `>=1.0.0`, `<2.0.0`. */
      readonly versions: readonly string[]
      readonly prereleases: boolean
    }

/** The packages a project asks for, and the file that says so. */
export interface PackageList {
  /** Relative to the project. */
  readonly file: string
  readonly packages: readonly PackageSpec[]
}

/** Where a project may list its packages; the first wins. */
export const PACKAGE_LISTS = ['packages.yml', 'dependencies.yml'] as const

const entry = once(() =>
  z.looseObject({
    local: z.string().optional(),
    git: z.string().optional(),
    revision: z.union([z.string(), z.number()]).optional(),
    subdirectory: z.string().optional(),
    tarball: z.string().optional(),
    name: z.string().optional(),
    package: z.string().optional(),
    version: z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]).optional(),
    'install-prerelease': z.boolean().optional(),
    install_prerelease: z.boolean().optional(),
  }),
)
const shape = once(() => z.looseObject({ packages: z.array(entry()).nullish() }))

/**
 * Reads a project's packages.yml or dependencies.yml; without either there are none.
 * @throws MillraceError PACKAGE_INVALID with file, line and column
 */
export async function readPackageList(dir: string, render: RenderText): Promise<PackageList> {
  const file = PACKAGE_LISTS.find((name) => existsSync(join(dir, name)))
  if (file === undefined) return { file: PACKAGE_LISTS[0], packages: [] }
  const raw = parseYaml(await readFile(join(dir, file), 'utf8'), file, 'PACKAGE_INVALID', 'python')
  // A project may depend on other projects without having packages, and dependencies.yml is not a template.
  const data = file === 'packages.yml' ? renderYaml(raw.data, render) : raw.data
  const yaml: YamlFile = { ...raw, data: data ?? {} }
  const found = checked(yaml, shape(), 'PACKAGE_INVALID')
  return { file, packages: (found.packages ?? []).map((one, index) => specOf(one, file, yaml, ['packages', index])) }
}

function specOf(
  written: z.output<ReturnType<typeof entry>>,
  file: string,
  yaml: YamlFile,
  path: PropertyKey[],
): PackageSpec {
  const kinds = (['local', 'git', 'tarball', 'package'] as const).filter((kind) => written[kind] !== undefined)
  const { local, git, tarball, revision, subdirectory, name } = written
  const invalid = (message: string): MillraceError =>
    new MillraceError('PACKAGE_INVALID', `reading ${file}: ${message}`, {
      at: yaml.place(path),
      hint: 'A package is one of: local: ../other, git: https://… with revision, tarball: https://… with name, package: owner/name with version.',
    })
  if (kinds.length !== 1) throw invalid(`a package names ${kinds.length === 0 ? 'no place' : kinds.join(' and ')}`)
  if (local !== undefined) return { kind: 'local', local }
  if (git !== undefined) {
    return {
      kind: 'git',
      git,
      ...(revision === undefined ? {} : { revision: String(revision) }),
      ...(subdirectory === undefined ? {} : { subdirectory }),
    }
  }
  if (tarball !== undefined) {
    if (name === undefined) throw invalid('a tarball needs a `name`')
    return { kind: 'tarball', tarball, name }
  }
  const wanted = [written.version ?? []].flat().map(String)
  if (wanted.length === 0) throw invalid(`the package ${written.package} needs a \`version\``)
  return {
    kind: 'hub',
    package: written.package ?? '',
    // One text may hold several: '>=1.0.0,<2.0.0'.
    versions: wanted.flatMap((text) => text.split(',')).map((text) => text.trim()),
    prereleases: written['install-prerelease'] ?? written.install_prerelease ?? false,
  }
}
