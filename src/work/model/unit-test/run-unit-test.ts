import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { native } from '../../../base/jinja/index.ts'
import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import { id, inline, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Compilation } from '../compile.ts'
import type { Namespace } from '../context/macro-library.ts'
import { type Invocation, nodeContext, projectDirOf } from '../context/node-context.ts'
import { Relation } from '../context/relation.ts'
import { castableColumns } from '../contract/contract.ts'
import { type Cte, cteName, injectCtes } from '../ephemeral.ts'
import { findSource } from '../link.ts'
import type { TestOutcome } from '../materialize/data-test.ts'
import { body } from '../materialize/statements.ts'
import type { Node, SourceNode } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { isTree } from '../read/config-tree.ts'
import { readByRendering } from '../read/reading.ts'
import { fixtureRows, isUnsaid, withRows } from './fixture-rows.ts'
import { type FixtureColumn, fixtureQuery, namesOf } from './fixture-sql.ts'
import { diffRows, diffText, isSame } from './rows-diff.ts'
import type { Fixture, Given, UnitTest } from './unit-test.ts'

/** What a given input stands for. */
interface Input {
  /** The unique id, or `this`. */
  readonly key: string
  readonly cte: Cte
}

/**
 * Runs a unit test: the model's query over the given rows must give the expected ones. Nothing is built and nothing
 * is read but types of relations that exist.
 * @throws MillraceError UNIT_TEST_INVALID, JINJA_* and what the engine refuses
 */
export async function runUnitTest(
  compilation: Compilation,
  node: Node,
  run: {
    readonly connection: EngineConnection
    readonly record: (statement: string) => void
    readonly signal?: AbortSignal
  },
): Promise<TestOutcome> {
  const { connection, record } = run
  const { manifest, invocation } = compilation
  const { dialect } = invocation
  const test = node.unit_test
  const tested = manifest.nodes.get(node.depends_on.nodes[0] ?? '')
  if (!test || !tested) throw new MillraceError('INTERNAL', `the unit test ${node.name} has no model`)
  const inputs: Input[] = []
  for (const given of test.given) inputs.push(await inputOf(compilation, node, tested, given, connection))
  const query = injectCtes(
    await rendered(compilation, node, tested, test, inputs, connection),
    inputs.map(({ cte }) => cte),
  )
  node.compiled = true
  node.compiled_code = query
  const actual = body(query)
  const columns = await castableColumns(actual, connection, dialect)
  const place = { test: node.name, file: node.original_file_path, what: 'expected output' }
  const found = fixtureRows(test.expect)
  const names =
    found.kind === 'rows'
      ? namesOf(found.rows)
      : (await castableColumns(trusted(found.sql), connection, dialect)).map(({ name }) => name)
  const compared =
    names.length === 0
      ? columns
      : names.map(
          (name) => columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ?? { name, type: '' },
        )
  const expected = found.kind === 'sql' ? trusted(`\n${found.sql}\n`) : fixtureQuery(found.rows, columns, place)
  const cells = join(compared.map(({ name }) => sql`cast(${id(name)} as varchar) as ${id(name)}`))
  const side = (which: string, rows: Sql): Sql =>
    sql`select ${trusted(`'${which}'`)} as actual_or_expected, ${cells} from (${rows}) as dbt_internal_unit_test`
  const statement = sql`${side('actual', actual)} union all ${side('expected', expected)}`
  record(inline(statement, connection.engine.dialect))
  const rows = await connection.rows<Record<string, string | null>>(statement, run.signal ? { signal: run.signal } : {})
  const of = (which: string) =>
    rows
      .filter((row) => row['actual_or_expected'] === which)
      .map((row) =>
        Object.values(row)
          .slice(1)
          .map((cell) => cell ?? null),
      )
  const diff = diffRows(of('expected'), of('actual'))
  if (isSame(diff)) return { status: 'pass', failures: 0, message: null }
  const text = diffText(
    compared.map(({ name }) => name),
    diff,
  )
  return { status: 'fail', failures: 1, message: `actual differs from expected:\n\n${text}\n` }
}

async function inputOf(
  { invocation, templates, manifest, refer }: Compilation,
  node: Node,
  tested: Node,
  given: Given,
  connection: EngineConnection,
): Promise<Input> {
  const place = { test: node.name, file: node.original_file_path, what: given.input }
  const rows = (columns: readonly FixtureColumn[], written: Fixture = given): string => {
    const found = fixtureRows(written)
    return found.kind === 'sql'
      ? found.sql
      : inline(fixtureQuery(found.rows, columns, place), connection.engine.dialect)
  }
  if (given.input.trim() === 'this') {
    return {
      key: 'this',
      cte: { id: 'this', name: cteName(tested.name), sql: rows(await columnsOf(invocation, tested, connection)) },
    }
  }
  const calls = await readByRendering(invocation, templates, { ...tested, raw_code: `{{ ${given.input} }}` })
  const [ref] = calls.refs
  const [source] = calls.sources
  const found = ref
    ? manifest.refs.find(ref, node.package_name)
    : source && findSource(manifest, source[0], source[1], node.package_name)
  if (!found) {
    throw new MillraceError('UNIT_TEST_INVALID', `reading the unit test ${node.name}: there is no ${given.input}`, {
      at: { file: node.original_file_path },
      hint: "An input is ref('model'), source('name', 'table') or this.",
    })
  }
  const name = found.resource_type === 'source' ? `${found.source_name}__${found.name}` : found.name
  const written = isUnsaid(given) && found.resource_type === 'seed' ? await rowsOfSeed(invocation, found) : given
  return {
    key: found.unique_id,
    cte: {
      id: found.unique_id,
      name: cteName(name),
      sql: rows(await columnsOf(invocation, found, connection, refer), written),
    },
  }
}

/** The rows of a seed's file, in place of those that an input does not give. */
async function rowsOfSeed(invocation: Invocation, seed: Node): Promise<Fixture> {
  const rows = await readFile(joinPath(projectDirOf(invocation, seed), seed.original_file_path), 'utf8')
  return withRows({ format: 'csv', rows }, [], { test: seed.name, file: seed.original_file_path })
}

/** The columns of what an input stands for: those of the relation where it exists, else those that are described. */
async function columnsOf(
  { dialect }: Invocation,
  found: Node | SourceNode,
  connection: EngineConnection,
  refer?: Compilation['refer'],
): Promise<FixtureColumn[]> {
  const own =
    found.resource_type === 'source'
      ? new Relation({ database: found.database, schema: found.schema, identifier: found.identifier })
      : relationOf(found)
  const wanted = refer?.(found.unique_id, own) ?? own
  const existing = await dialect.relationAt(connection, wanted)
  if (existing)
    return (await dialect.columnsOf(connection, existing)).map(({ name, data_type: type }) => ({ name, type }))
  const described = Object.values(found.columns)
  // A description that names no types need not name all columns.
  if (described.length === 0 || described.some((column) => !column.data_type)) return []
  return described.map(({ name, data_type: type }) => ({ name, type: String(type) }))
}

/** The model's code over the inputs, with the test's overrides. */
async function rendered(
  { invocation, templates, manifest }: Compilation,
  node: Node,
  tested: Node,
  test: UnitTest,
  inputs: readonly Input[],
  connection: EngineConnection,
): Promise<string> {
  const standIn = (key: string, written: string): Relation => {
    const input = inputs.find((one) => one.key === key)
    if (input) return new Relation({ database: '', schema: '', identifier: input.cte.name, type: 'cte' })
    throw new MillraceError(
      'UNIT_TEST_INVALID',
      `running the unit test ${node.name}: it gives no rows for ${written}`,
      {
        at: { file: node.original_file_path },
        hint: `Add { input: ${written}, rows: [] } to \`given\`.`,
      },
    )
  }
  const context = nodeContext(overridden(invocation, test), tested, {
    execute: true,
    connection,
    manifest,
    incremental: test.overrides.macros['is_incremental'] === true,
    config: () => undefined,
    ref: (written) => {
      const version = written.version === null ? '' : `, v=${written.version}`
      return standIn(
        manifest.refs.find(written, tested.package_name)?.unique_id ?? '',
        `ref('${written.name}'${version})`,
      )
    },
    source: (source, table) =>
      standIn(
        findSource(manifest, source, table, tested.package_name)?.unique_id ?? '',
        `source('${source}', '${table}')`,
      ),
  })
  if (inputs.some(({ key }) => key === 'this')) context['this'] = standIn('this', 'this')
  for (const [name, value] of Object.entries(test.overrides.macros)) override(context, name, value)
  return templates.render(tested.raw_code, tested.original_file_path, context)
}

/** Puts a macro that only answers a value in the place of one: `is_incremental`, or `package.macro`. */
function override(context: Namespace, name: string, value: Json): void {
  const answer = native(name, () => value)
  const [owner = '', macro] = name.split('.')
  // What is no macro but a value, such as invocation_id, is replaced by the value.
  const isValue = /^(string|number|boolean)$/.test(typeof context[name])
  if (macro === undefined) context[name] = isValue ? value : answer
  else context[owner] = { ...(isTree(context[owner]) ? context[owner] : {}), [macro]: answer }
}

function overridden(invocation: Invocation, { overrides }: UnitTest): Invocation {
  const packages = [...invocation.packages].map(
    ([name, one]) => [name, { ...one, vars: { ...one.vars, ...overrides.vars } }] as const,
  )
  const environment = Object.entries(overrides.env_vars).map(([name, value]) => [name, String(value)])
  return {
    ...invocation,
    vars: { ...invocation.vars, ...overrides.vars },
    packages: new Map(packages),
    environment: { ...invocation.environment, ...Object.fromEntries(environment) },
  }
}
