import type { Invocation } from '../node-context.ts'

/** The version of dbt whose artifacts and templates these agree with. */
export const DBT_VERSION = '1.12.0'

/** What every artifact says of the run that wrote it. */
export interface ArtifactMetadata {
  readonly dbt_schema_version: string
  readonly dbt_version: string
  readonly generated_at: string
  readonly invocation_id: string
  readonly env: Record<string, string>
}

/** The head of an artifact; `schema` is such as `manifest/v12`. */
export function artifactMetadata(invocation: Invocation, schema: string): ArtifactMetadata {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: new Date().toISOString(),
    invocation_id: invocation.id,
    env: {},
  }
}
