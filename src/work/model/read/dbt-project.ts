import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { MillraceError, once } from '../../../base/kernel/index.ts'
import { checked, readYaml } from '../../../base/project/index.ts'
import { yamlRenderer } from '../context/base-context.ts'
import { isTree, type Tree } from './config-tree.ts'
import { type RenderText, renderYaml } from './render-yaml.ts'

/** The name of the file that makes a folder a dbt project. */
export const DBT_PROJECT_FILE = 'dbt_project.yml'

const schema = once(() => {
  const paths = (fallback: readonly string[]): z.ZodDefault<z.ZodArray<z.ZodString>> =>
    z.array(z.string()).default([...fallback])
  const tree = z.record(z.string(), z.unknown()).nullish()
  const hooks = z.union([z.string(), z.array(z.string())]).nullish()

  // Loose: dbt has more keys than a run needs, and other tools add their own.
  return z.looseObject({
    name: z.string().regex(/^[A-Za-z_]\w*$/, 'the name of a project is made of letters, digits and "_"'),
    version: z.union([z.string(), z.number()]).optional(),
    profile: z.string().optional(),
    'model-paths': paths(['models']),
    'seed-paths': paths(['seeds']),
    'test-paths': paths(['tests']),
    'macro-paths': paths(['macros']),
    'snapshot-paths': paths(['snapshots']),
    'analysis-paths': paths(['analyses']),
    'docs-paths': z.array(z.string()).optional(),
    'asset-paths': paths([]),
    'target-path': z.string().default('target'),
    'clean-targets': z.array(z.string()).optional(),
    'packages-install-path': z.string().default('dbt_packages'),
    'restrict-access': z.boolean().default(false),
    'require-dbt-version': z.union([z.string(), z.array(z.string())]).nullish(),
    vars: tree,
    models: tree,
    seeds: tree,
    snapshots: tree,
    tests: tree,
    unit_tests: tree,
    analyses: tree,
    data_tests: tree,
    sources: tree,
    quoting: tree,
    dispatch: z.array(z.object({ macro_namespace: z.string(), search_order: z.array(z.string()) })).default([]),
    'on-run-start': hooks,
    'on-run-end': hooks,
  })
})

/** Sections of dbt_project.yml that configure nodes. */
export type ConfigSection = 'models' | 'seeds' | 'snapshots' | 'tests' | 'sources' | 'unitTests' | 'analyses'

/** A dbt_project.yml, checked, with defaults filled in. Paths are relative to `dir`. */
export interface DbtProject {
  /** Absolute path of the project's folder. */
  readonly dir: string
  readonly name: string
  readonly version: string | null
  readonly profile: string | undefined
  readonly modelPaths: readonly string[]
  readonly seedPaths: readonly string[]
  readonly testPaths: readonly string[]
  readonly macroPaths: readonly string[]
  readonly snapshotPaths: readonly string[]
  readonly analysisPaths: readonly string[]
  readonly docsPaths: readonly string[]
  /** What `docs generate` copies beside the page. */
  readonly assetPaths: readonly string[]
  readonly targetPath: string
  readonly cleanTargets: readonly string[] | undefined
  /** Whether only its public models are for other projects. */
  readonly restrictAccess: boolean
  /** `require-dbt-version`: ranges such as `>=1.6.0`. */
  readonly requiredVersions: readonly string[]
  /** Where packages are installed. */
  readonly packagesPath: string
  readonly vars: Readonly<Record<string, unknown>>
  readonly models: Readonly<Record<string, unknown>>
  readonly seeds: Readonly<Record<string, unknown>>
  readonly snapshots: Readonly<Record<string, unknown>>
  readonly tests: Readonly<Record<string, unknown>>
  readonly sources: Readonly<Record<string, unknown>>
  /** Which parts of relations' paths are quoted, as the project says. */
  readonly quoting: Readonly<Record<string, unknown>>
  readonly unitTests: Readonly<Record<string, unknown>>
  readonly analyses: Readonly<Record<string, unknown>>
  /** The sections that configure nodes, as they are written. */
  readonly unrendered: Readonly<Record<ConfigSection, Tree | undefined>>
  readonly dispatch: readonly { macro_namespace: string; search_order: string[] }[]
  readonly onRunStart: readonly string[]
  readonly onRunEnd: readonly string[]
}

/**
 * Reads a folder's dbt_project.yml.
 * @throws MillraceError PROJECT_NOT_FOUND without one, MODEL_INVALID when it is not valid
 */
export async function readDbtProject(dir: string, render: RenderText): Promise<DbtProject> {
  const file = join(dir, DBT_PROJECT_FILE)
  if (!existsSync(file)) {
    throw new MillraceError('PROJECT_NOT_FOUND', `looking for ${DBT_PROJECT_FILE} in ${dir}`, {
      hint: 'Models need a dbt project: a dbt_project.yml with a `name`, beside the folder `models`.',
    })
  }
  const yaml = await readYaml(file, 'MODEL_INVALID', 'python')
  // Hooks are rendered when they run, and variables for the node that asks for one.
  const data = renderYaml(
    yaml.data,
    render,
    (path) =>
      /^(vars|query-comment|on-run-(start|end))$/.test(String(path[0])) ||
      path.some((key) => /^\+? *(pre|post)[-_]hook$/.test(String(key))),
  )
  const project = checked({ ...yaml, data }, schema(), 'MODEL_INVALID')
  return {
    dir,
    name: project.name,
    version: project.version === undefined ? null : String(project.version),
    profile: project.profile,
    modelPaths: project['model-paths'],
    seedPaths: project['seed-paths'],
    testPaths: project['test-paths'],
    macroPaths: project['macro-paths'],
    snapshotPaths: project['snapshot-paths'],
    analysisPaths: project['analysis-paths'],
    docsPaths: project['docs-paths'] ?? [
      ...project['model-paths'],
      ...project['seed-paths'],
      ...project['snapshot-paths'],
      ...project['analysis-paths'],
      ...project['macro-paths'],
      ...project['test-paths'],
    ],
    assetPaths: project['asset-paths'],
    targetPath: project['target-path'],
    cleanTargets: project['clean-targets'],
    restrictAccess: project['restrict-access'],
    requiredVersions: [project['require-dbt-version'] ?? []].flat().flatMap((one) => one.split(',')),
    packagesPath: project['packages-install-path'],
    vars: project.vars ?? {},
    models: project.models ?? {},
    seeds: project.seeds ?? {},
    snapshots: project.snapshots ?? {},
    tests: { ...project.tests, ...project.data_tests },
    sources: project.sources ?? {},
    quoting: project.quoting ?? {},
    unitTests: project.unit_tests ?? {},
    analyses: project.analyses ?? {},
    unrendered: unrenderedSections(yaml.data),
    dispatch: project.dispatch,
    onRunStart: [project['on-run-start'] ?? []].flat(),
    onRunEnd: [project['on-run-end'] ?? []].flat(),
  }
}

function unrenderedSections(data: unknown): DbtProject['unrendered'] {
  const written = isTree(data) ? data : {}
  const section = (name: string) => (isTree(written[name]) ? written[name] : undefined)
  return {
    models: section('models'),
    seeds: section('seeds'),
    snapshots: section('snapshots'),
    tests: section('data_tests') ?? section('tests'),
    sources: section('sources'),
    unitTests: section('unit_tests'),
    analyses: section('analyses'),
  }
}

/** The folders of a project, for what does not read its files. */
export interface DbtPaths {
  readonly targetPath: string
  readonly cleanTargets: readonly string[] | undefined
  /** Where files are that the user wrote. */
  readonly sources: readonly string[]
}

/** The folders that a dbt_project.yml names. @throws MillraceError PROJECT_NOT_FOUND, MODEL_INVALID */
export async function readDbtPaths(
  dir: string,
  outside: {
    readonly vars: Readonly<Record<string, unknown>>
    readonly environment: Readonly<Record<string, string | undefined>>
  },
): Promise<DbtPaths> {
  const project = await readDbtProject(dir, yamlRenderer({ ...outside, file: DBT_PROJECT_FILE }))
  const { targetPath, cleanTargets, modelPaths, seedPaths, testPaths, macroPaths, snapshotPaths } = project
  return {
    targetPath,
    cleanTargets,
    sources: [...modelPaths, ...seedPaths, ...testPaths, ...macroPaths, ...snapshotPaths],
  }
}
