import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { MillraceError, once, unknownName } from '../../../base/kernel/index.ts'
import { checked, readYaml, type YamlFile } from '../../../base/project/index.ts'
import { yamlRenderer } from '../context/base-context.ts'
import { FILE_PLUGINS } from '../plugin/plugin-sources.ts'
import { renderYaml } from '../read/render-yaml.ts'
import { duckDbOutput, type ProfileOutput, postgresOutput } from './outputs.ts'

/** Where dbt builds to, as a profiles.yml says it. */
export interface Profile {
  readonly name: string
  /** The chosen output's name: `target.name` in templates. */
  readonly target: string
  /** The names of all outputs. */
  readonly targets: readonly string[]
  /** The profiles.yml. */
  readonly file: string
  readonly output: ProfileOutput
}

/** How a profile is looked for. */
export interface ProfileOptions {
  /** `profile:` of dbt_project.yml; the only profile in the file when absent. */
  readonly profile?: string | undefined
  readonly target?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly vars?: Readonly<Record<string, unknown>>
}

const OUTPUTS = { duckdb: duckDbOutput, postgres: postgresOutput } as const

const profileShape = once(() =>
  z.looseObject({
    target: z.string().default('default'),
    outputs: z.record(z.string(), z.record(z.string(), z.unknown())),
  }),
)

/**
 * The folder with the profiles.yml to use: the given one, else the first of `folders` that has one, else `~/.dbt`.
 */
export function profilesFolder(given: string | undefined, folders: readonly string[]): string {
  if (given !== undefined) return given
  return folders.find((folder) => existsSync(join(folder, 'profiles.yml'))) ?? join(homedir(), '.dbt')
}

/**
 * The profile of a dbt project from the profiles.yml in a folder. Only outputs of `type: duckdb` and `postgres` can
 * be honoured.
 * @throws MillraceError PROJECT_NOT_FOUND without a file, CONNECTION_UNKNOWN, TARGET_UNKNOWN, ENGINE_UNKNOWN for
 * another type, MODEL_INVALID
 */
export async function readProfile(folder: string, options: ProfileOptions = {}): Promise<Profile> {
  const file = join(folder, 'profiles.yml')
  if (!existsSync(file)) {
    throw new MillraceError('PROJECT_NOT_FOUND', `looking for the profile in ${file}, which is not there`, {
      hint: 'Name the folder of profiles.yml with --profiles-dir or DBT_PROFILES_DIR.',
    })
  }
  const yaml = await readYaml(file, 'MODEL_INVALID', 'python')
  const all = checked(yaml, z.record(z.string(), z.unknown()), 'MODEL_INVALID')
  const names = Object.keys(all).filter((name) => name !== 'config')
  const name = options.profile ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name)) {
    throw unknownName('CONNECTION_UNKNOWN', 'the profile', name ?? '', names, { at: { file } })
  }
  const render = yamlRenderer({ file, vars: options.vars ?? {}, environment: options.environment ?? {}, secrets: true })
  const shape = checked(yaml, profileShape(), 'MODEL_INVALID', [name])
  const target = options.target ?? String(renderYaml(shape.target, render))
  const written = shape.outputs[target]
  if (!written) {
    throw unknownName('TARGET_UNKNOWN', 'the target', target, Object.keys(shape.outputs), { at: yaml.place([name]) })
  }
  const data = { [name]: { outputs: { [target]: renderYaml(written, render) } } }
  const output = outputOf({ ...yaml, data }, name, target, String(renderYaml(written['type'], render)))
  return { name, target, targets: Object.keys(shape.outputs), file, output }
}

function outputOf(yaml: YamlFile, name: string, target: string, type: string): ProfileOutput {
  const path = [name, 'outputs', target]
  const known = type === 'duckdb' || type === 'postgres' ? OUTPUTS[type] : undefined
  if (!known) {
    throw new MillraceError('ENGINE_UNKNOWN', `the output "${target}" of profile "${name}" is of type ${type}`, {
      at: yaml.place([...path, 'type']),
      hint: 'Models run on `type: duckdb` and `type: postgres` here. Choose such an output with --target.',
    })
  }
  const output = checked<ReturnType<typeof duckDbOutput> | ReturnType<typeof postgresOutput>>(
    yaml,
    known(),
    'MODEL_INVALID',
    path,
  )
  if (output.type === 'duckdb') refuseElsewhere(output, yaml, path)
  return output
}

/** What dbt-duckdb can do and this engine cannot: better refused than silently left out. */
function refuseElsewhere(
  output: z.output<ReturnType<typeof duckDbOutput>>,
  yaml: YamlFile,
  path: readonly PropertyKey[],
): void {
  if (output.path !== undefined && /^(md|motherduck):/.test(output.path)) {
    throw new MillraceError('ENGINE_UNSUPPORTED', `the path ${output.path.split('?')[0]} is a database of MotherDuck`, {
      at: yaml.place([...path, 'path']),
      hint: 'Models are built in a file or in memory here: write `path: shop.duckdb`.',
    })
  }
  for (const [index, { module }] of (output.plugins ?? []).entries()) {
    if (FILE_PLUGINS.has(module)) continue
    throw new MillraceError('ENGINE_UNSUPPORTED', `the plugin ${module} of dbt-duckdb cannot be run`, {
      at: yaml.place([...path, 'plugins', index, 'module']),
      hint: `There are: ${[...FILE_PLUGINS.keys()].join(', ')}. Databases are reached by \`attach\`, others by \`millrace ingest\`.`,
    })
  }
  for (const key of ['filesystems', 'remote', 'is_ducklake'] as const) {
    const value = output[key]
    if (value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0))
      continue
    throw new MillraceError('ENGINE_UNSUPPORTED', `the setting \`${key}\` of the profile is not carried out here`, {
      at: yaml.place([...path, key]),
      hint: 'Take it out of the output, or use another output with --target.',
    })
  }
}
