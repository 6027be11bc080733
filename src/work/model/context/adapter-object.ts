import { createHash, randomUUID } from 'node:crypto'
import { ATTRIBUTE, bind, type Call, isInt, iterable, native, params, str, Tuple } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import { id, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { columnsWithConstraints, modelConstraints } from '../constraint-text.ts'
import type { ModelDialect } from '../dialect/index.ts'
import { pythonStr } from '../python-text.ts'
import { isTree, listed, type Tree } from '../read/config-tree.ts'
import type { Column } from './column.ts'
import { duckdbMethods } from './duckdb-methods.ts'
import type { Namespace } from './macro-library.ts'
import { plainData } from './plain-data.ts'
import { executeStatement, StatementResponse } from './query-functions.ts'
import { Relation, relationApi } from './relation.ts'
import { ResultTable } from './result-table.ts'
import { seedColumnType } from './seed-table.ts'

/** What `adapter` of a template needs to know. */
export interface AdapterParts {
  readonly dialect: ModelDialect
  /** Without one it answers emptily, as dbt does while reading. */
  readonly connection: EngineConnection | undefined
  /** Finds the implementation of a dispatched macro. */
  readonly dispatch: (name: string, namespace: string | undefined) => unknown
  /** The value of a name in the template's context. */
  readonly lookup: (name: string) => unknown
  readonly columnApi: object
  readonly log: (message: string) => void
  /** The macro of that name when the project has a form of its own, which methods of the same name go through. */
  readonly ownMacro: (name: string) => unknown
  /** Absolute path of the folder of the node's project, and its file in there. */
  readonly projectDir: string
  readonly file: string
  /** `external_root` of the profile: where external models are written. */
  readonly externalRoot: string
}

/** `adapter` of templates: dbt's adapter as its documentation and its built-in macros have it. */
export function adapterObject(parts: AdapterParts): Record<string, unknown> {
  const methods = {
    ...namesAndTypes(parts),
    ...schemas(parts),
    ...relations(parts),
    ...statements(parts),
    ...contracts(parts),
    ...(parts.dialect.adapter === 'duckdb' ? duckdbMethods(parts) : {}),
  }
  return { ...methods, ...throughMacros(parts) }
}

/** Methods that dbt's adapters carry out by the macro of the same name. */
const BY_MACRO = [
  'drop_relation',
  'rename_relation',
  'truncate_relation',
  'get_columns_in_relation',
  'create_schema',
  'drop_schema',
  'alter_column_type',
] as const

/** Those of which the project has its own macro. */
function throughMacros({ connection, ownMacro }: AdapterParts): Namespace {
  if (!connection) return {}
  return Object.fromEntries(
    BY_MACRO.flatMap((name) => {
      const macro = ownMacro(name)
      return macro === undefined
        ? []
        : [[name, native(name, ({ args, kwargs, caller }) => caller.call(macro, args, kwargs))]]
    }),
  )
}

const nothing = (): string => ''

function namesAndTypes({ dialect, dispatch, columnApi, log }: AdapterParts): Namespace {
  const quote = (name: string): string => dialect.column(name, '').quoted
  const warned = new Set<string>()
  return {
    dispatch: params(
      (name: string, namespace?: string | null) => {
        if (name.includes('.')) {
          const [owner, own] = name.split('.', 2)
          throw new MillraceError('MODEL_INVALID', `adapter.dispatch takes the macro's name alone, not "${name}"`, {
            hint: `Did you mean adapter.dispatch('${own}', '${owner}')?`,
          })
        }
        return dispatch(name, namespace ?? undefined)
      },
      ['macro_name', 'macro_namespace', 'packages'],
    ),
    type: () => dialect.adapter,
    quote,
    quote_as_configured: params((name: string, _key?: string) => quote(name), ['identifier', 'quote_key']),
    quote_seed_column: params(
      (name: string, quoted?: unknown) => (quoted === false ? name : quote(name)),
      ['column', 'quote_config'],
    ),
    Relation: relationApi,
    Column: columnApi,
    date_function: () => 'now()',
    is_cancelable: () => true,
    get_binding_char: () => '?',
    escape_sql_string: (value: unknown) => pythonStr(plainData(value)).replaceAll("'", "''"),
    warn_once: (message: unknown) => {
      const text = pythonStr(plainData(message))
      if (!warned.has(text)) log(text)
      warned.add(text)
      return ''
    },
    convert_type: (table: unknown, index: unknown) => seedColumnType(table, Number(index)) ?? 'text',
    convert_text_type: () => 'text',
    convert_number_type: native('convert_number_type', ({ args: [table, index] }) =>
      columnValues(table, index).some((value) => String(value).includes('.')) ? 'float8' : 'integer',
    ),
    convert_integer_type: () => 'integer',
    convert_boolean_type: () => 'boolean',
    convert_datetime_type: () => 'timestamp without time zone',
    convert_date_type: () => 'date',
    convert_time_type: () => 'time',
    behavior: {},
    build_catalog_relation: () => null,
    get_catalog_integration: () => null,
    get_partitions_metadata: () => null,
    valid_incremental_strategies: () => ['append', 'delete+insert', 'merge', 'microbatch'],
    builtin_incremental_strategies: () => ['append', 'delete+insert', 'merge', 'insert_overwrite', 'microbatch'],
    standardize_grants_dict: (table: unknown) => grantsOf(table),
  }
}

function columnValues(table: unknown, index: unknown): unknown[] {
  return table instanceof ResultTable ? table.data().map((row) => row.items[Number(index)]) : []
}

/** Privileges with those who have them, of a table with `grantee` and `privilege_type`. */
function grantsOf(table: unknown): Record<string, unknown[]> {
  const grants: Record<string, unknown[]> = {}
  if (!(table instanceof ResultTable)) return grants
  const names = table.column_names.items.map(String)
  const [who, what] = [names.indexOf('grantee'), names.indexOf('privilege_type')]
  for (const row of table.data()) {
    const privilege = String(row.items[what])
    grants[privilege] = [...(grants[privilege] ?? []), row.items[who]]
  }
  return grants
}

function schemas({ dialect, connection }: AdapterParts): Namespace {
  const names = async (): Promise<string[]> => {
    if (!connection) return []
    const rows = await connection.rows<{ name: string }>(
      sql`select distinct schema_name as name from information_schema.schemata where lower(catalog_name) = lower(${connection.engine.database})`,
    )
    return rows.map(({ name }) => name)
  }
  return {
    list_schemas: names,
    check_schema_exists: params(
      async (_database: string, schema: string) =>
        (await names()).some((name) => dialect.fold(name) === dialect.fold(schema)),
      ['database', 'schema'],
    ),
    create_schema: async (relation: Relation) => {
      if (connection) await dialect.createSchema(connection, relation)
      return ''
    },
    drop_schema: async (relation: Relation) => {
      if (connection) await connection.execute(sql`drop schema if exists ${id(relation.schema)} cascade`)
      return ''
    },
    verify_database: (name: string) => {
      const database = name.replace(/^"(.*)"$/, '$1')
      if (!connection || database.toLowerCase() === connection.engine.database.toLowerCase()) return ''
      throw new MillraceError(
        'MODEL_INVALID',
        `Cross-db references not allowed in ${dialect.adapter} (${database} vs ${connection.engine.database})`,
      )
    },
  }
}

function relations({ dialect, connection, lookup }: AdapterParts): Namespace {
  const find = async (relation: Relation): Promise<Relation | undefined> =>
    connection && (await dialect.relationAt(connection, relation))
  const columns = async (relation: Relation): Promise<Column[]> => {
    // A temporary relation is in no list of the database, but it can be described.
    const found =
      (await find(relation)) ?? (relation.schema === '' || relation.database === 'temp' ? relation : undefined)
    return found && connection ? dialect.columnsOf(connection, found) : []
  }
  const get = async (database: string, schema: string, identifier: string): Promise<Relation | null> =>
    (await find(new Relation({ database: database ?? '', schema: schema ?? '', identifier }))) ?? null
  const list = async (database: string, schema: string): Promise<Relation[]> => {
    if (!connection) return []
    const rows = await connection.rows<{ name: string; type: string }>(sql`
      select table_name as name, case table_type when 'VIEW' then 'view' else 'table' end as type
      from information_schema.tables
      where lower(table_schema) = lower(${schema}) and lower(table_catalog) = lower(${database})
      order by table_name`)
    return rows.map(
      ({ name, type }) => new Relation({ database, schema, identifier: name, type: type as 'table' | 'view' }),
    )
  }
  const settle = async (work: (found: Relation) => Promise<unknown>, relation: Relation): Promise<string> => {
    const found = await find(relation)
    if (found) await work(found)
    return ''
  }
  const run = async (statement: Parameters<EngineConnection['execute']>[0]): Promise<void> => {
    if (connection) await connection.execute(statement)
  }
  return {
    get_columns_in_relation: columns,
    get_columns_in_table: (schema: string, identifier: string) =>
      columns(new Relation({ database: connection?.engine.database ?? '', schema, identifier })),
    get_missing_columns: params(
      async (from: Relation, to: Relation) => {
        const known = new Set((await columns(to)).map(({ name }) => dialect.fold(name)))
        return (await columns(from)).filter(({ name }) => !known.has(dialect.fold(name)))
      },
      ['from_relation', 'to_relation'],
    ),
    get_relation: params(get, ['database', 'schema', 'identifier']),
    already_exists: params(
      async (schema: string, name: string) => (await get(connection?.engine.database ?? '', schema, name)) !== null,
      ['schema', 'name'],
    ),
    list_relations: params(list, ['database', 'schema']),
    list_relations_without_caching: (relation: Relation) => list(relation.database, relation.schema),
    drop_relation: (relation: Relation) => settle((found) => run(dialect.drop(found)), relation),
    rename_relation: params(
      (from: Relation, to: Relation) => settle((found) => run(dialect.rename(found, to.identifier)), from),
      ['from_relation', 'to_relation'],
    ),
    truncate_relation: (relation: Relation) => settle(() => run(sql`truncate table ${relation.sql()}`), relation),
    expand_target_column_types: params(
      async (from: Relation, to: Relation) => {
        const wanted = new Map((await columns(from)).map((column) => [dialect.fold(column.name), column]))
        for (const column of await columns(to)) {
          const longer = wanted.get(dialect.fold(column.name))
          if (!longer || !column.can_expand_to(longer)) continue
          const type = `character varying(${longer.string_size()})`
          for (const statement of dialect.retype(to, column.name, type)) await run(statement)
        }
        return ''
      },
      ['from_relation', 'to_relation'],
    ),
    // There is no cache: the database is asked each time.
    // The node's transaction ends with the node, so that a crash leaves nothing half done.
    commit: nothing,
    cache_added: nothing,
    cache_dropped: nothing,
    cache_renamed: nothing,
    valid_snapshot_target: nothing,
    assert_valid_snapshot_target_given_strategy: nothing,
    get_incremental_strategy_macro: (_context: unknown, strategy: string) => {
      const name = `get_incremental_${strategy.replaceAll('+', '_')}_sql`
      const macro = lookup(name)
      if (macro !== undefined) return macro
      throw new MillraceError(
        'MODEL_INVALID',
        `the incremental strategy "${strategy}" needs a macro ${name}, which is nowhere`,
        {
          hint: 'The built-in strategies are append, delete+insert, merge and microbatch.',
        },
      )
    },
    get_hard_deletes_behavior: hardDeletes,
  }
}

/** `ignore`, `invalidate` or `new_record`, of the setting or its older form. */
function hardDeletes(config: unknown): string {
  const plain = plainData(config)
  // `config` of a template, or a dict of settings.
  const read = (name: string): unknown =>
    (config as { [ATTRIBUTE]?: (name: string) => unknown } | null)?.[ATTRIBUTE]?.(name) ??
    (isTree(plain) ? plain[name] : undefined)
  if (read('invalidate_hard_deletes') === true && !read('hard_deletes')) return 'invalidate'
  const written = String(read('hard_deletes') ?? 'ignore')
  if (['ignore', 'invalidate', 'new_record'].includes(written)) return written
  throw new MillraceError('MODEL_INVALID', `hard_deletes "${written}" is not one of ignore, invalidate, new_record`)
}

function statements({ dialect, connection }: AdapterParts): Namespace {
  const execute = async ({ args, kwargs }: Call): Promise<Tuple> => {
    const [text, , fetch = false] = bind('execute', ['sql', 'auto_begin', 'fetch', 'limit'], args, kwargs)
    if (!connection) return new Tuple([new StatementResponse('OK'), new ResultTable([], [])])
    return executeStatement(connection, String(text), fetch === true)
  }
  return {
    execute: native('execute', execute),
    add_query: native('add_query', async ({ args, kwargs, ...call }) => {
      const names = ['sql', 'auto_begin', 'bindings', 'abridge_sql_log']
      const [text, , bindings] = bind('add_query', names, args, kwargs)
      const bound = bindings === undefined || bindings === null ? String(text) : withValues(String(text), bindings)
      return (await execute({ ...call, args: [bound], kwargs: {} })).items[0]
    }),
    run_sql_for_tests: native('run_sql_for_tests', async (call) => {
      const [text, fetch] = call.args
      const result = await execute({ ...call, args: [text, true, fetch !== null], kwargs: {} })
      const rows = (result.items[1] as ResultTable).data()
      return fetch === 'one' ? (rows[0] ?? null) : rows
    }),
    get_column_schema_from_query: params(
      async (text: string) => {
        if (!connection) return []
        if (dialect.adapter === 'duckdb') {
          const rows = await connection.rows<{ column_name: string; column_type: string }>(
            sql`select column_name, column_type from (describe ${trusted(text.replace(/;\s*$/, ''))})`,
          )
          return rows.map(({ column_name, column_type }) => dialect.column(column_name, column_type))
        }
        const { fields } = await connection.describe(trusted(text.replace(/;\s*$/, '')))
        return fields.map(({ name, type, metadata }) =>
          dialect.column(name, String(metadata?.['postgres'] ?? type.kind)),
        )
      },
      ['sql'],
    ),
    // A node is built in one transaction, which templates neither begin nor end.
    begin: nothing,
    ensure_transaction: nothing,
    commit: nothing,
    clear_transaction: nothing,
    commit_if_has_connection: nothing,
    nice_connection_name: () => 'master',
  }
}

function contracts({ dialect }: AdapterParts): Namespace {
  const quote = (name: string): string => dialect.column(name, '').quoted
  const trees = (value: unknown): Tree[] => {
    const given = plainData(value)
    return (isTree(given) ? Object.values(given) : listed(given)).filter(isTree)
  }
  return {
    render_raw_columns_constraints: params(
      (columns: unknown) => columnsWithConstraints(trees(columns), quote),
      ['raw_columns'],
    ),
    render_raw_model_constraints: params(
      (constraints: unknown) => modelConstraints(trees(constraints)),
      ['raw_constraints'],
    ),
    render_model_constraint: (constraint: unknown) => modelConstraints(trees([plainData(constraint)]))[0] ?? null,
    parse_index: indexOf,
  }
}

/** An entry of `indexes` with a name that no other run gives: the table that is replaced still has its own. */
function indexOf(written: unknown): Record<string, unknown> {
  const given = plainData(written)
  const columns = isTree(given) ? listed(given['columns']).map(String) : []
  if (!isTree(given) || columns.length === 0) {
    throw new MillraceError('MODEL_INVALID', 'an entry of `indexes` is no index', {
      hint: 'Write indexes as [{columns: [order_id], unique: true}].',
    })
  }
  const [unique, type] = [given['unique'] === true, given['type'] ?? null]
  const render = (relation: unknown): string =>
    createHash('md5')
      .update([...columns, str(relation), unique, type, randomUUID()].join('_'))
      .digest('hex')
  return { columns, unique, type, render }
}

/** A statement with values in the place of its holes, `?` or `%s`. */
function withValues(text: string, bindings: unknown): string {
  const values = [...iterable(bindings)]
  let at = 0
  return text.replace(/\?|%s/g, (hole) => {
    if (at >= values.length) return hole
    const value = values[at++]
    if (value === null || typeof value === 'boolean') return String(value)
    return isInt(value) ? str(value) : `'${str(value).replaceAll("'", "''")}'`
  })
}
