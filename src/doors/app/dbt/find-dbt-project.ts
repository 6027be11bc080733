import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PROJECT_FILE, parseYaml } from '../../../base/project/index.ts'
import { DBT_PROJECT_FILE, type Profile, profilesFolder, readProfile } from '../../../work/model/index.ts'

/** What a dbt command was told of where to work. */
export interface DbtPlaceOptions {
  /** The dbt project, or a folder in it; by default the current one. */
  readonly projectDir?: string
  /** The dbt project of a Millrace project, relative to that. */
  readonly dbtProjectDir?: string
  readonly profilesDir?: string
  readonly profile?: string
  readonly target?: string
  readonly vars?: Readonly<Record<string, unknown>>
}

/** A dbt project by itself, built where a profiles.yml says, or the models of a Millrace project. */
export type DbtPlace =
  | { readonly kind: 'project'; readonly dir: string | undefined; readonly projectDir: string }
  | { readonly kind: 'profile'; readonly dir: string; readonly profile: () => Promise<Profile> }

/**
 * Where a dbt command works. A millrace.yml at the project or above it says where models are built, unless a
 * profile is asked for or there is none.
 */
export function findDbtPlace(options: DbtPlaceOptions): DbtPlace {
  const from = resolve(options.projectDir ?? '.')
  const millrace = nearest(from, PROJECT_FILE)
  const dbt = nearest(from, DBT_PROJECT_FILE)
  const asked = options.profilesDir !== undefined || options.profile !== undefined
  if (millrace !== undefined && !asked) {
    const dir = options.dbtProjectDir === undefined ? dbt : resolve(millrace, options.dbtProjectDir)
    return { kind: 'project', projectDir: millrace, dir }
  }
  const dir = options.dbtProjectDir === undefined ? (dbt ?? from) : resolve(from, options.dbtProjectDir)
  return { kind: 'profile', dir, profile: () => profileOf(dir, options) }
}

async function profileOf(dir: string, options: DbtPlaceOptions): Promise<Profile> {
  const profile = options.profile ?? writtenProfile(dir)
  return readProfile(profilesFolder(options.profilesDir, [process.cwd(), dir]), {
    ...(profile === undefined ? {} : { profile }),
    ...(options.target === undefined ? {} : { target: options.target }),
    vars: options.vars ?? {},
    environment: process.env,
  })
}

/** `profile:` of dbt_project.yml, where it is plain. */
function writtenProfile(dir: string): string | undefined {
  const { profile } = plainProject(dir)
  return typeof profile === 'string' ? profile : undefined
}

/** dbt_project.yml as it is written, before anything is rendered; empty when it cannot be read. */
function plainProject(dir: string): Readonly<Record<string, unknown>> {
  const file = join(dir, DBT_PROJECT_FILE)
  if (!existsSync(file)) return {}
  const { data } = parseYaml(readFileSync(file, 'utf8'), file, 'MODEL_INVALID', 'python')
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
}

function nearest(from: string, name: string): string | undefined {
  let folder = from
  while (!existsSync(join(folder, name))) {
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
  return folder
}

/** The folder with dbt_project.yml that a command works on. */
export function dbtFolder(options: DbtPlaceOptions): string {
  const place = findDbtPlace(options)
  return place.dir ?? (place.kind === 'project' ? place.projectDir : '.')
}

/** `flags:` of dbt_project.yml, as they are written. */
export function projectFlags(options: DbtPlaceOptions): Readonly<Record<string, unknown>> {
  const flags = plainProject(dbtFolder(options))['flags']
  return typeof flags === 'object' && flags !== null ? (flags as Record<string, unknown>) : {}
}
