import { incrementalMaterialization } from './incremental.ts'
import type { Materialization } from './materialization.ts'
import { seedMaterialization } from './seed.ts'
import { snapshotMaterialization } from './snapshot.ts'
import { tableMaterialization } from './table.ts'
import { viewMaterialization } from './view.ts'

export * from './data-test.ts'
export * from './materialization.ts'
export * from './schema-change.ts'
export * from './statements.ts'

/** The materializations there are, by name. `ephemeral` builds nothing and is resolved while compiling. */
export const MATERIALIZATIONS: ReadonlyMap<string, Materialization> = new Map(
  [
    tableMaterialization,
    viewMaterialization,
    incrementalMaterialization,
    seedMaterialization,
    snapshotMaterialization,
  ].map((one) => [one.name, one]),
)
