import { MillraceError, parseType } from '../../../base/kernel/index.ts'
import { join, sql, trusted } from '../../../base/sql/index.ts'
import type { Relation } from '../context/relation.ts'
import type { MaterializationInput } from '../materialize/materialization.ts'
import { perform } from '../materialize/statements.ts'
import { seedRows } from '../seed-csv.ts'
import type { SeedFile } from './model-dialect.ts'
import { seedColumn } from './seed-column.ts'

/** How much text is sent at once. */
const PIECE = 64 * 1024

/** Creates an empty table for a seed. */
export async function createSeedTable(input: MaterializationInput, table: Relation, seed: SeedFile): Promise<void> {
  // column_types are SQL of the user's.
  const columns = join(
    seed.shape.columns.map(({ name, type }) => sql`${seedColumn(input.node, name)} ${trusted(type)}`),
  )
  await perform(input, sql`create table ${table.sql()} (${columns})`)
}

/**
 * Sends the rows of a seed to a table.
 * @throws MillraceError ENGINE_UNSUPPORTED for an engine that takes no rows in bulk; what the engine throws for a value that does not fit
 */
export async function fillSeedTable(input: MaterializationInput, table: Relation, seed: SeedFile): Promise<void> {
  const { connection, node } = input
  const { bulk } = connection.engine
  if (seed.shape.rows === 0) return
  if (!bulk) {
    throw new MillraceError(
      'ENGINE_UNSUPPORTED',
      `loading the seed ${node.name}: ${connection.engine.name} takes no rows in bulk`,
    )
  }
  input.record(`copy ${table.render()} from stdin (format csv) -- ${node.original_file_path}`)
  // PostgreSQL folds names that are not quoted.
  const named = (name: string): string => (node.config['quote_columns'] === false ? name.toLowerCase() : name)
  const schema = {
    fields: seed.shape.columns.map(({ name }) => ({ name: named(name), type: parseType('string'), nullable: true })),
  }
  await bulk.load(
    table.sql(),
    schema,
    bulkCsv(seed, node.original_file_path),
    connection,
    input.signal ? { signal: input.signal } : {},
  )
}

/** The rows in the engines' bulk form: every value quoted, a null is nothing. */
async function* bulkCsv(seed: SeedFile, file: string): AsyncGenerator<Uint8Array> {
  let piece = ''
  for (const cells of seedRows(seed.text, seed.shape, { file, delimiter: seed.delimiter })) {
    piece += `${cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`
    if (piece.length < PIECE) continue
    yield Buffer.from(piece)
    piece = ''
  }
  if (piece !== '') yield Buffer.from(piece)
}
