import { MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../../base/sql/index.ts'
import { ROW_PLACE } from '../../parquet-port.ts'
import { ANY_ROW, type RowCondition } from '../../row-condition.ts'
import type { DeltaTable } from '../delta-table.ts'
import { Expressions, type Given } from '../expression/table-expression.ts'
import { fitTable } from '../schema/fit-table.ts'
import { filesThatMayHold } from '../skip-files.ts'
import { beginChange } from './begin-change.ts'
import type { ChangeOptions, ChangeResult, ChangingConnection } from './changing-connection.ts'
import { checkConditions } from './check-conditions.ts'
import { commitRows } from './commit-rows.ts'
import { lacking, type Merge, type MergeClause, sideOf } from './merge-clauses.ts'
import { insertedBy } from './merge-inserts.ts'
import { keyRange } from './merge-keys.ts'
import { mergeProvenance } from './merge-provenance.ts'
import { type RowClause, SOURCE_ROW } from './row-work.ts'
import { allOf, rowsOf, type TargetRows } from './target-rows.ts'
import { temporary } from './temporary.ts'
import { newValues } from './update-rows.ts'

/** Merges the rows of a query into a table, in one commit. @throws MillraceError see `MergeBuilder.execute` */
export async function mergeRows(table: DeltaTable, merge: Merge, options: ChangeOptions): Promise<ChangeResult> {
  const { connection } = options
  const { clauses, sourceAlias, targetAlias, on } = merge
  if (sourceAlias.toLowerCase() === targetAlias.toLowerCase()) {
    throw new MillraceError('OPTION_INVALID', `merging with the name "${sourceAlias}" for both sides`)
  }
  const base = await beginChange(table, options)
  const sourceSchema = await connection.describe(merge.source)
  const schema = merge.evolves ? fitTable(sourceSchema, base, 'merge') : base.schema
  // Rows of the source are numbered; each is the same however often it is read.
  await using source = await temporary(
    connection,
    sql`select *, row_number() over () as ${id(SOURCE_ROW)} from (${merge.source}) as given`,
    options,
  )
  const before = new Expressions([
    { alias: targetAlias, schema: base.schema },
    { alias: sourceAlias, schema: sourceSchema },
  ])
  const own = new Expressions([{ alias: targetAlias, schema: base.schema }])
  const sweeps = clauses.some((clause) => sideOf(clause) === 'not-matched-by-source')
  const where: RowCondition = sweeps
    ? ANY_ROW
    : {
        kind: 'and',
        of: [
          before.condition(on, targetAlias),
          ...(await keyRange(
            on,
            before,
            { alias: targetAlias, schema: base.schema },
            { alias: sourceAlias, rows: source.table },
            connection,
          )),
        ],
      }
  const target: TargetRows = { table, base, files: filesThatMayHold(base, where) }
  const rows = await rowsOf(target, allOf(target), options)
  await checkConditions(
    connection,
    [on, ...clauses.flatMap(({ condition }) => condition ?? [])].map((given) => ({ given, sql: before.sql(given) })),
    sql`from ${rows} as ${id(targetAlias)}, ${source.table} as ${id(sourceAlias)}`,
  )
  const changing = clauses.filter(({ kind }) => kind !== 'not-matched-insert')
  await using hits = await temporary(connection, matchedHits(merge, changing, before, rows, source.table), options)
  await checkUnambiguous(connection, hits.table, changing)
  if (sweeps)
    await connection.execute(
      sql`insert into ${hits.table} ${sweptHits(merge, changing, own, rows, hits.table)}`,
      options,
    )

  const inserted = insertedBy(merge, { schema, sourceSchema, source: source.table, hits: hits.table })
  return await commitRows(
    {
      target,
      alias: targetAlias,
      schema,
      clauses: changing.map((clause) => rowClause(clause, merge, schema, sourceSchema, base.schema)),
      hits: hits.table,
      source: { rows: source.table, alias: sourceAlias },
      ...(inserted.query ? { inserted: inserted.query } : {}),
      ...(inserted.identities ? { identities: inserted.identities } : {}),
    },
    {
      read: sweeps ? { kind: 'table' } : { kind: 'rows', where },
      provenance: mergeProvenance(merge, changing, await count(connection, source.table)),
    },
    options,
  )
}

/** The number of the first clause of a side whose condition holds; null when none does. */
function clauseNumber(clauses: readonly MergeClause[], side: ReturnType<typeof sideOf>, over: Expressions): Sql {
  const whens = clauses.flatMap((clause, number) => {
    if (sideOf(clause) !== side) return []
    return [
      sql`when ${clause.condition === undefined ? sql`true` : over.sql(clause.condition)} then ${literal(number)}`,
    ]
  })
  return whens.length === 0 ? sql`cast(null as integer)` : sql`cast(case ${join(whens, ' ')} end as integer)`
}

function placeOf(alias: string): Sql {
  return sql`${id(alias, ROW_PLACE.file)}, ${id(alias, ROW_PLACE.row)}`
}

function matchedHits(
  { on, sourceAlias, targetAlias }: Merge,
  changing: readonly MergeClause[],
  over: Expressions,
  rows: Sql,
  source: Sql,
): Sql {
  const clause = clauseNumber(changing, 'matched', over)
  const [only, another] = changing.filter((one) => sideOf(one) === 'matched')
  // Whichever of several matches a row is deleted for, it is gone.
  const isOneDelete = only?.kind === 'matched-delete' && only.condition === undefined && !another
  const number = id(sourceAlias, SOURCE_ROW)
  const select = sql`select ${placeOf(targetAlias)}, ${clause} as clause, ${number} as source
    from ${rows} as ${id(targetAlias)} join ${source} as ${id(sourceAlias)} on ${over.sql(on)}`
  if (!isOneDelete) return select
  // The other matches stay on record, so that these rows of the source are not inserted.
  const first = sql`row_number() over (partition by ${id(ROW_PLACE.file)}, ${id(ROW_PLACE.row)}) = 1`
  return sql`select * replace (case when ${first} then clause end as clause) from (${select}) as matches`
}

function sweptHits(
  { targetAlias }: Merge,
  changing: readonly MergeClause[],
  over: Expressions,
  rows: Sql,
  hits: Sql,
): Sql {
  const same = (column: string) => sql`${id('millrace_match', column)} = ${id(targetAlias, column)}`
  return sql`select ${placeOf(targetAlias)}, ${clauseNumber(changing, 'not-matched-by-source', over)} as clause, cast(null as bigint) as source
    from ${rows} as ${id(targetAlias)}
    where not exists (select 1 from ${hits} as millrace_match where ${same(ROW_PLACE.file)} and ${same(ROW_PLACE.row)})`
}

async function checkUnambiguous(
  connection: ChangingConnection,
  hits: Sql,
  changing: readonly MergeClause[],
): Promise<void> {
  if (changing.length === 0) return
  const [found] = await connection.rows<{ rows: bigint }>(
    sql`select count(*) as rows from (
      select 1 from ${hits} where clause is not null group by ${id(ROW_PLACE.file)}, ${id(ROW_PLACE.row)} having count(*) > 1
    ) as several`,
  )
  const rows = Number(found?.rows ?? 0)
  if (rows === 0) return
  throw new MillraceError(
    'DELTA_MERGE_AMBIGUOUS',
    `merging into a Delta table: ${rows} of its rows ${rows === 1 ? 'is' : 'are'} changed by several rows of the source`,
    { hint: 'Make the source unique by the columns of the condition, or narrow the condition.', data: { rows } },
  )
}

function rowClause(
  clause: MergeClause,
  { targetAlias, sourceAlias, evolves }: Merge,
  schema: Schema,
  sourceSchema: Schema,
  before: Schema,
): RowClause {
  if (clause.kind === 'matched-delete' || clause.kind === 'not-matched-by-source-delete') return { kind: 'delete' }
  if (clause.kind === 'not-matched-insert') throw new MillraceError('INTERNAL', 'an insert changes no row')
  const target = { alias: targetAlias, schema: before }
  const sides = [target, ...(clause.kind === 'matched-update' ? [{ alias: sourceAlias, schema: sourceSchema }] : [])]
  const set = clause.set === '*' ? everyColumn(schema, sourceSchema, evolves, sourceAlias) : clause.set
  return { kind: 'update', set: newValues(set, schema, target, new Expressions(sides)) }
}

/** Columns of the source for those of the table that it has; all it must have when the table does not become another. */
function everyColumn(schema: Schema, source: Schema, evolves: boolean, alias: string): Record<string, Given> {
  const set: Record<string, Given> = {}
  const missing: string[] = []
  for (const field of schema.fields) {
    const own = source.fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase())
    if (own) set[field.name] = sql`${id(alias, own.name)}`
    else missing.push(field.name)
  }
  if (missing.length > 0 && !evolves) throw lacking(missing)
  return set
}

async function count(connection: ChangingConnection, table: Sql): Promise<number> {
  const [found] = await connection.rows<{ rows: bigint }>(sql`select count(*) as rows from ${table}`)
  return Number(found?.rows ?? 0)
}
