import type { DbtPlaceOptions } from '../../app/dbt/find-dbt-project.ts'
import type { FlagValues } from './read-flags.ts'

/** Where a line says to work: its options, then dbt's variables of the environment. */
export function placeOf(options: Readonly<Record<string, unknown>>, flags: FlagValues): DbtPlaceOptions {
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
  const given = {
    projectDir: text(options.projectDir) ?? environment('PROJECT_DIR'),
    dbtProjectDir: text(options.dbtProjectDir),
    target: text(options.target) ?? environment('TARGET'),
    profilesDir: text(flags['profiles_dir']),
    profile: text(flags['profile']),
    vars: flags['vars'] as Record<string, unknown> | undefined,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function environment(name: string): string | undefined {
  return process.env[`DBT_ENGINE_${name}`] || process.env[`DBT_${name}`] || undefined
}
