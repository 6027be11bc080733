import { BUILTIN_MACROS } from './builtin-macros.ts'
import { CROSS_DATABASE_MACROS } from './cross-database-macros.ts'
import { DATE_MACROS } from './date-macros.ts'
import { INCREMENTAL_MACROS } from './incremental-macros.ts'
import { MATERIALIZATION_MACROS } from './materialization-macros.ts'
import { RELATION_MACROS } from './relation-macros.ts'
import { SERVICE_MACROS } from './service-macros.ts'
import { SNAPSHOT_MACROS } from './snapshot-macros.ts'
import { STATEMENT_MACROS } from './statement-macros.ts'

/** The texts of the package `dbt`, as files: name and text. An adapter's own macros stand with its dialect. */
export const BUILTIN_FILES: readonly (readonly [file: string, text: string])[] = [
  ['dbt.sql', BUILTIN_MACROS],
  ['statements.sql', STATEMENT_MACROS],
  ['cross_database.sql', CROSS_DATABASE_MACROS],
  ['dates.sql', DATE_MACROS],
  ['snapshots.sql', SNAPSHOT_MACROS],
  ['materializations.sql', MATERIALIZATION_MACROS],
  ['relations.sql', RELATION_MACROS],
  ['incremental.sql', INCREMENTAL_MACROS],
  ['services.sql', SERVICE_MACROS],
]
