import { BUILTIN_MACROS } from './builtin-macros.ts'
import { COLUMN_MACROS } from './column-macros.ts'
import { CROSS_DATABASE_MACROS } from './cross-database-macros.ts'
import { DATE_MACROS } from './date-macros.ts'
import { FUNCTION_MACROS } from './function-macros.ts'
import { INCREMENTAL_MACROS } from './incremental-macros.ts'
import { INCREMENTAL_MATERIALIZATION } from './incremental-materialization-macros.ts'
import { MATERIALIZATION_MACROS } from './materialization-macros.ts'
import { MATERIALIZED_VIEW_MACROS } from './materialized-view-macros.ts'
import { RELATION_MACROS } from './relation-macros.ts'
import { SEED_MACROS } from './seed-macros.ts'
import { SERVICE_MACROS } from './service-macros.ts'
import { SNAPSHOT_MACROS } from './snapshot-macros.ts'
import { STATEMENT_MACROS } from './statement-macros.ts'
import { TEST_MACROS } from './test-macros.ts'

/** The texts of the package `dbt`, as files: name and text. An adapter's own macros stand with its dialect. */
export const BUILTIN_FILES: readonly (readonly [file: string, text: string])[] = [
  ['dbt.sql', BUILTIN_MACROS],
  ['statements.sql', STATEMENT_MACROS],
  ['cross_database.sql', CROSS_DATABASE_MACROS],
  ['dates.sql', DATE_MACROS],
  ['snapshots.sql', SNAPSHOT_MACROS],
  ['materializations.sql', MATERIALIZATION_MACROS],
  ['relations.sql', RELATION_MACROS],
  ['columns.sql', COLUMN_MACROS],
  ['incremental.sql', INCREMENTAL_MACROS],
  ['incremental_models.sql', INCREMENTAL_MATERIALIZATION],
  ['materialized_views.sql', MATERIALIZED_VIEW_MACROS],
  ['seeds.sql', SEED_MACROS],
  ['tests.sql', TEST_MACROS],
  ['functions.sql', FUNCTION_MACROS],
  ['services.sql', SERVICE_MACROS],
]
