import { type DataType, type Field, MillraceError, type Row, type Schema } from '../../base/kernel/index.ts'
import { inline, type Sql, sql, trusted } from '../../base/sql/index.ts'
import { chunkRows, type EngineConnection } from '../engine/index.ts'
import { type Compiled, compile, type Relation } from './compile/compile.ts'
import { describePlan, stepText } from './describe-plan.ts'
import { registerNatives } from './functions/register-native.ts'
import { registerUserDefined, userDefinedError, userDefinedIn } from './functions/user-defined.ts'
import { plainYears } from './plain-years.ts'
import type { Leaf, Plan } from './plan.ts'
import { resolveLeaf } from './read/resolve-leaf.ts'
import { readIn, sourceError } from './read/source-error.ts'
import { readyPlan } from './ready-plan.ts'
import { schemaTree } from './schema-tree.ts'
import { currentSession, type FrameSession } from './session.ts'
import { tableText } from './show-table.ts'
import { shownValue } from './show-value.ts'
import { textError } from './text-error.ts'
import { overflows, valueError } from './value-error.ts'

/** How `show` prints. */
export interface ShowOptions {
  /** The longest text of a cell (20 when not said); `false` cuts nothing, and sets cells flush left. */
  readonly truncate?: number | boolean
  /** A line per cell instead of a line per row. */
  readonly vertical?: boolean
}

/** What `explain` prints: the plan and its SQL (`simple`), also the engine's own plan (the others), or the SQL alone (`codegen`). */
export const EXPLAIN_MODES = ['simple', 'extended', 'codegen', 'cost', 'formatted'] as const
export type ExplainMode = (typeof EXPLAIN_MODES)[number]

export interface ExplainOptions {
  /** Also the engine's own plan: the mode `extended`. */
  readonly extended?: boolean
  readonly mode?: ExplainMode
}

/** A plan made ready on a connection: its statement, or rather statements to come, and its columns. */
export interface Prepared {
  readonly connection: EngineConnection
  readonly session: FrameSession
  readonly compiled: Compiled
  /** What was found of each leaf of the plan. */
  readonly found: readonly Found[]
}

interface Found {
  readonly leaf: Leaf
  readonly relation: Relation
}

/**
 * Compiles a plan on a connection of the session and gives both to `work`, twice when decimals turn out too large for 64
 * bits; errors of sources get their file and line.
 */
export async function prepared<T>(
  plan: Plan,
  work: (ready: Prepared) => Promise<T>,
  session?: FrameSession,
  signal?: AbortSignal,
): Promise<T> {
  const using = session ?? (await currentSession())
  await using connection = await using.engine.connect(signal ? { signal } : {})
  let hoped = false
  const attempt = async (hopeful: boolean) => {
    const found: Found[] = []
    const compiled = await compiledOn(plan, using, connection, { hopeful, found })
    hoped = compiled.hoped
    return work({ connection, session: using, compiled, found })
  }
  try {
    try {
      return await attempt(true)
    } catch (thrown) {
      if (!hoped || !overflows(thrown)) throw thrown
      return await attempt(false)
    }
  } catch (thrown) {
    throw textError(valueError(userDefinedError(readIn(sourceError(thrown), plan))), plan)
  }
}

async function compiledOn(
  plan: Plan,
  session: FrameSession,
  connection: EngineConnection,
  { hopeful = false, found = [] }: { readonly hopeful?: boolean; readonly found?: Found[] } = {},
): Promise<Compiled> {
  await registerUserDefined(plan, session.engine)
  const compiled = await compile(await readyPlan(plan, session), {
    dialect: session.engine.dialect,
    hopeful,
    async resolve(leaf, asked) {
      const relation = await resolveLeaf(leaf, session, connection, asked)
      found.push({ leaf, relation })
      return relation
    },
  })
  await registerNatives(compiled.sql, session.engine)
  return compiled
}

/** The statement of a frame whose column names are all different. @throws MillraceError COLUMN_AMBIGUOUS */
export function distinctColumns(compiled: Compiled): Sql {
  const i = compiled.columns.findIndex((column, at) => column.name !== compiled.names[at])
  const twice = compiled.columns[i]?.name
  if (twice === undefined) return compiled.sql
  if (twice === '') {
    throw new MillraceError('COLUMN_UNKNOWN', 'the result has a column without a name', {
      hint: 'A pivot names columns by values: name it with .withColumnRenamed("", "…") or .toDF(…).',
    })
  }
  throw new MillraceError('COLUMN_AMBIGUOUS', `the result has more than one column "${twice}"`, {
    hint: 'Drop one of them or give it another name with .as(…), or join by the column’s name so that it is kept once.',
  })
}

/** The statement, with a column without a name (a pivot's, of an empty text) under a name that the engine takes. */
function nameable(compiled: Compiled): { readonly sql: Sql; readonly given: string | undefined } {
  const { columns, names } = compiled
  const nameless = columns.findIndex((column) => column.name === '')
  if (nameless < 0) return { sql: distinctColumns(compiled), given: undefined }
  const others = columns.map((column, i) => (i === nameless ? { ...column, name: names[i] ?? '' } : column))
  return { sql: distinctColumns({ ...compiled, columns: others }), given: names[nameless] }
}

const withNameless = (row: Row, given: string | undefined): Row =>
  given === undefined
    ? row
    : Object.fromEntries(Object.entries(row).map(([name, value]) => [name === given ? '' : name, value]))

export async function collect<R>(plan: Plan): Promise<R[]> {
  return prepared(plan, async ({ connection, compiled }) => {
    const { sql: query, given } = nameable(compiled)
    const rows = plainYears(await connection.rows<Row>(query), compiled.columns)
    return (given === undefined ? rows : rows.map((row) => withNameless(row, given))) as R[]
  })
}

/** The rows, chunk by chunk. */
export async function* iterate<R>(plan: Plan): AsyncGenerator<R, void, undefined> {
  const session = await currentSession()
  await using connection = await session.engine.connect({})
  try {
    const compiled = await compiledOn(plan, session, connection)
    const { sql: query, given } = nameable(compiled)
    const stream = await connection.query(query)
    for await (const chunk of stream) {
      const rows = plainYears(chunkRows(chunk, stream.schema), compiled.columns)
      yield* (given === undefined ? rows : rows.map((row) => withNameless(row, given))) as R[]
    }
  } catch (thrown) {
    throw valueError(userDefinedError(readIn(sourceError(thrown), plan)))
  }
}

export async function count(plan: Plan): Promise<number> {
  return prepared(plan, async ({ connection, compiled }) => {
    const [row] = await connection.rows<{ n: bigint }>(sql`select count(*) as n from (${compiled.sql}) as counted`)
    return Number(row?.n ?? 0)
  })
}

export async function schema(plan: Plan): Promise<Schema> {
  return prepared(plan, async ({ connection, compiled }) => {
    const { sql: query, given } = nameable(compiled)
    const { fields } = await connection.describe(query)
    // An engine gives a column of nothing but nulls some type.
    const typed = (field: Field, type: DataType | undefined): Field =>
      type !== undefined && holdsVoid(type) ? { ...field, type } : field
    const said = (field: Field, metadata: Field['metadata']): Field => (metadata ? { ...field, metadata } : field)
    return {
      fields: fields.map((field, i) => {
        const named = field.name === given ? { ...field, name: '' } : field
        return said(typed(named, compiled.columns[i]?.type), compiled.columns[i]?.metadata)
      }),
    }
  })
}

function holdsVoid(type: DataType): boolean {
  switch (type.kind) {
    case 'null':
      return true
    case 'array':
      return holdsVoid(type.element)
    case 'map':
      return holdsVoid(type.key) || holdsVoid(type.value)
    case 'struct':
      return type.fields.some((field) => holdsVoid(field.type))
    default:
      return false
  }
}

export async function toArrow(plan: Plan): Promise<Uint8Array> {
  return prepared(plan, ({ connection, compiled }) => connection.toArrow(distinctColumns(compiled)))
}

/** The first rows as the text of a table, as Spark's `show` has it. */
export async function showText(plan: Plan, rows = 20, options: ShowOptions = {}): Promise<string> {
  const { truncate = true, vertical = false } = options
  return prepared({ op: 'limit', input: plan, count: rows + 1 }, async ({ connection, compiled }) => {
    const found = await connection.rows<Row>(compiled.sql)
    const { fields } = await connection.describe(compiled.sql)
    const cells = found.map((row) => fields.map(({ name, type }) => shownValue(row[name], type)))
    const names = compiled.columns.map((column) => column.name)
    return tableText(names, cells, { rows, vertical, truncate: truncate === true ? 20 : Number(truncate) })
  })
}

export async function show(plan: Plan, rows?: number, options?: ShowOptions): Promise<void> {
  // Spark ends the table with an empty line.
  await print(`${await showText(plan, rows, options)}\n`)
}

/** The plan as a tree and its SQL. @throws MillraceError OPTION_INVALID for a mode that does not exist */
export async function explainText(plan: Plan, { extended = false, mode }: ExplainOptions = {}): Promise<string> {
  const kind = mode ?? (extended ? 'extended' : 'simple')
  if (!EXPLAIN_MODES.includes(kind)) {
    throw new MillraceError('OPTION_INVALID', `explain: "${String(kind)}" is no mode`, {
      hint: `Use ${EXPLAIN_MODES.join(', ')}.`,
    })
  }
  return prepared(plan, async ({ connection, compiled, session, found }) => {
    const statement = inline(compiled.sql, session.engine.dialect)
    const parts = [`== SQL (${session.engine.name}) ==\n${statement}`]
    if (kind === 'codegen') return `${parts[0]}\n`
    parts.unshift(`== Plan ==\n${describePlan(plan).tree}`, ...filesRead(found))
    const own = userDefinedIn(plan)
    if (own.length > 0) {
      const names = own.map(({ name }) => `${name}()`).join(', ')
      parts.push(
        `== Warnings ==\n${names}: computed in JavaScript, by one thread, row by row or in chunks; a function of millrace/frame is many times faster.`,
      )
    }
    if (kind !== 'simple') {
      const rows = await connection.rows<Row>(sql`explain ${trusted(statement)}`)
      parts.push(`== Engine ==\n${rows.map((row) => String(Object.values(row).at(-1) ?? '')).join('\n')}`)
    }
    return `${parts.join('\n\n')}\n`
  })
}

/** How many files of tables of the lake are opened. */
function filesRead(found: readonly Found[]): string[] {
  const lines = found.flatMap(({ leaf, relation: { files, version } }) =>
    files ? [`${stepText(leaf)}: ${files.read} of ${files.of} files of version ${version}`] : [],
  )
  return lines.length > 0 ? [`== Files ==\n${lines.join('\n')}`] : []
}

export async function explain(plan: Plan, options?: ExplainOptions): Promise<void> {
  await print(await explainText(plan, options))
}

/** The columns as Spark's tree; parts deeper than `level` are left out. */
export async function schemaText(plan: Plan, level?: number): Promise<string> {
  return schemaTree(await schema(plan), level)
}

export async function printSchema(plan: Plan, level?: number): Promise<void> {
  await print(`${await schemaText(plan, level)}\n`)
}

async function print(text: string): Promise<void> {
  const session = await currentSession()
  if (session.print) session.print(text)
  else process.stdout.write(text)
}
