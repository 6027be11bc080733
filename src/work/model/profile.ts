import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { checked, readYaml } from '../../base/project/index.ts'
import { yamlRenderer } from './base-context.ts'
import { renderYaml } from './render-yaml.ts'

/** Where dbt builds to, as a profiles.yml says it. */
export interface Profile {
  readonly name: string
  /** The chosen output's name: `target.name` in templates. */
  readonly target: string
  /** Absolute path of the DuckDB file, or undefined for a database in memory. */
  readonly path: string | undefined
  readonly schema: string
  readonly database: string | undefined
  readonly threads: number
  readonly settings: Readonly<Record<string, unknown>>
  readonly extensions: readonly string[]
}

const output = z.looseObject({
  type: z.string(),
  path: z.string().optional(),
  schema: z.string().default('main'),
  database: z.string().optional(),
  threads: z.int().min(1).default(1),
  settings: z.record(z.string(), z.unknown()).default({}),
  extensions: z.array(z.unknown()).default([]),
})

const profileShape = z.looseObject({
  target: z.string().default('default'),
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())),
})

/**
 * The profile of a dbt project from the profiles.yml in its folder (or `profilesDir`), or undefined when there is
 * none. Only outputs of `type: duckdb` can be honoured.
 * @throws MillraceError CONNECTION_UNKNOWN, TARGET_UNKNOWN, ENGINE_UNKNOWN for another type, MODEL_INVALID
 */
export async function readProfile(
  dir: string,
  options: {
    /** `profile:` of dbt_project.yml; the only profile in the file when absent. */
    readonly profile?: string | undefined
    readonly target?: string | undefined
    readonly profilesDir?: string | undefined
    readonly environment?: Readonly<Record<string, string | undefined>>
    readonly vars?: Readonly<Record<string, unknown>>
  } = {},
): Promise<Profile | undefined> {
  const folder = options.profilesDir ?? dir
  const file = join(folder, 'profiles.yml')
  if (!existsSync(file)) return undefined
  const yaml = await readYaml(file, 'MODEL_INVALID')
  const all = checked(yaml, z.record(z.string(), z.unknown()), 'MODEL_INVALID')
  const names = Object.keys(all).filter((name) => name !== 'config')
  const name = options.profile ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name)) {
    throw unknownName('CONNECTION_UNKNOWN', 'the profile', name ?? '', names, { at: { file } })
  }
  const render = yamlRenderer({
    file,
    vars: options.vars ?? {},
    environment: options.environment ?? {},
    secrets: true,
  })
  const shape = checked(yaml, profileShape, 'MODEL_INVALID', [name])
  const target = options.target ?? String(renderYaml(shape.target, render))
  const written = shape.outputs[target]
  if (!written) {
    throw unknownName('TARGET_UNKNOWN', 'the target', target, Object.keys(shape.outputs), { at: yaml.place([name]) })
  }
  if (written['type'] !== 'duckdb') {
    throw new MillraceError(
      'ENGINE_UNKNOWN',
      `the output "${target}" of profile "${name}" is of type ${written['type']}`,
      {
        at: yaml.place([name, 'outputs', target, 'type']),
        hint: 'Models run on `type: duckdb` here. Choose such an output with --target.',
      },
    )
  }
  const data = { [name]: { outputs: { [target]: renderYaml(written, render) } } }
  const found = checked({ ...yaml, data }, output, 'MODEL_INVALID', [name, 'outputs', target])
  const memory = found.path === undefined || found.path === '' || found.path === ':memory:'
  return {
    name,
    target,
    path: memory ? undefined : resolve(dir, found.path ?? ''),
    schema: found.schema,
    database: found.database,
    threads: found.threads,
    settings: found.settings,
    extensions: found.extensions.map((entry) =>
      typeof entry === 'string' ? entry : String((entry as { name?: unknown }).name),
    ),
  }
}
