import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { mergedVars } from '../context/base-context.ts'
import { MacroLibrary } from '../context/macro-library.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { ModelDialect } from '../dialect/index.ts'
import { DBT_PROJECT_FILE, type DbtProject, readDbtProject } from '../read/dbt-project.ts'
import type { ProjectFiles } from '../read/project-files.ts'
import type { RenderText } from '../read/render-yaml.ts'
import { readPackageList } from './package-list.ts'

/** A project whose nodes and macros take part: the one a command runs in, or one installed below it. */
export interface DbtPackage {
  readonly project: DbtProject
  /** What `var` finds in its nodes: its own, the root project's over them, those of the command line over both. */
  readonly vars: Readonly<Record<string, unknown>>
}

/** A project and what `dbt_packages/` holds, by name, the project first. */
export type DbtPackages = ReadonlyMap<string, DbtPackage>

/**
 * Reads the projects installed below a root project.
 * @throws MillraceError PACKAGE_NOT_INSTALLED when there are fewer than its list of packages asks for, MODEL_DUPLICATE
 * for two of one name, MODEL_INVALID
 */
export async function readPackages(
  root: DbtProject,
  given: Readonly<Record<string, unknown>>,
  render: RenderText,
): Promise<DbtPackages> {
  const packages = new Map<string, DbtPackage>([[root.name, { project: root, vars: mergedVars(root, given) }]])
  const folder = join(root.dir, root.packagesPath)
  const entries = await readdir(folder).catch(() => [])
  const installed = entries.sort().filter((entry) => existsSync(join(folder, entry, DBT_PROJECT_FILE)))
  const wanted = await readPackageList(root.dir, render)
  if (wanted.packages.length > installed.length) {
    throw new MillraceError(
      'PACKAGE_NOT_INSTALLED',
      `reading ${wanted.file}: it names ${wanted.packages.length} package(s), but ${installed.length} are installed in ${root.packagesPath}`,
      { at: { file: wanted.file }, hint: 'Install them with: millrace dbt deps' },
    )
  }
  for (const entry of installed) {
    const project = await readDbtProject(join(folder, entry), render)
    const first = packages.get(project.name)
    if (first) {
      throw new MillraceError('MODEL_DUPLICATE', `reading the packages: two projects are named "${project.name}"`, {
        at: { file: join(root.packagesPath, entry, DBT_PROJECT_FILE) },
        hint: `The other is ${first.project.dir}. Delete ${root.packagesPath} and run millrace dbt deps.`,
      })
    }
    const over = mergedVars({ name: project.name, vars: root.vars }, given)
    packages.set(project.name, { project, vars: { ...mergedVars(project, {}), ...over } })
  }
  return packages
}

/**
 * The macros of a project and of what is installed below it. `read`: these very files were read before without a
 * fault, so that each macro is compiled when it is called.
 * @throws MillraceError JINJA_SYNTAX
 */
export function projectMacros(
  packages: DbtPackages,
  root: DbtProject,
  templates: ModelTemplates,
  { dialect, files, read }: { readonly dialect: ModelDialect; readonly files: ProjectFiles; readonly read: boolean },
): MacroLibrary {
  const others = [...packages.values()].filter(({ project }) => project.name !== root.name)
  const packaged = others.map(({ project }) => ({ name: project.name, files: files.of(project, 'macros') }))
  return new MacroLibrary(templates, root.name, files.of(root, 'macros'), { dialect, packages: packaged, read })
}
