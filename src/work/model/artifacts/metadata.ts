import type { Invocation } from '../context/node-context.ts'

/** The version of dbt whose artifacts and templates these agree with. */
export const DBT_VERSION = '1.12.0'

/** What every artifact says of the run that wrote it. */
export interface ArtifactMetadata {
  readonly dbt_schema_version: string
  readonly dbt_version: string
  readonly generated_at: string
  readonly invocation_id: string
  readonly invocation_started_at: string
  readonly env: Record<string, string>
}

/** The head of an artifact; `schema` is such as `manifest/v12`. */
export function artifactMetadata(invocation: Invocation, schema: string): ArtifactMetadata {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: new Date().toISOString(),
    invocation_id: invocation.id,
    invocation_started_at: invocation.startedAt.toISOString(),
    env: customEnvironment(invocation.environment),
  }
}

/** `DBT_ENV_CUSTOM_ENV_NAME` of the environment, which dbt writes into every artifact. */
function customEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const prefix = /^DBT_ENV_CUSTOM_ENV_|^DBT_ENGINE_ENV_CUSTOM_ENV_/
  const found = Object.entries(environment).filter(([name, value]) => prefix.test(name) && value !== undefined)
  return Object.fromEntries(found.map(([name, value]) => [name.replace(prefix, ''), String(value)]))
}
