import {
  ATTRIBUTE,
  bind,
  EQUALS,
  isMapping,
  MAPPING,
  type NativeFunction,
  native,
  STR,
  TYPE_NAME,
} from '../../../base/jinja/index.ts'
import { id, type Sql } from '../../../base/sql/index.ts'
import { listed } from '../read/config-tree.ts'
import { plainData } from './plain-data.ts'

/** What a relation is in the database; unknown for one that was only named. */
export type RelationType = 'table' | 'view' | 'materialized_view' | 'cte' | 'external' | 'function'

/** Parts of a path that are printed, or quoted. */
export interface Shown {
  readonly database: boolean
  readonly schema: boolean
  readonly identifier: boolean
}

const PARTS = ['database', 'schema', 'identifier'] as const
const ALL: Shown = { database: true, schema: true, identifier: true }

/** What a relation is made of; parts that are empty are not there. */
export interface RelationPath {
  readonly database: string
  readonly schema: string
  readonly identifier: string
  readonly type?: RelationType | null
}

/** How many rows of a relation a query sees, and what the query of them is called where it needs a name. */
export interface RowLimit {
  readonly count: number
  readonly alias: string
}

/** Which rows of a relation a query sees, and what the query of them is called where it needs a name. */
export interface RowFilter {
  readonly condition: string
  readonly alias: string
}

/**
 * A relation as templates see it (dbt's `Relation`): prints as its quoted path. Immutable; each method answers a
 * new one.
 */
export class Relation {
  readonly database: string
  readonly schema: string
  readonly identifier: string
  readonly type: RelationType | null
  readonly #include: Shown
  readonly #quote: Shown
  readonly #limit: RowLimit | null
  readonly #where: RowFilter | null

  /**
   * `limit`: how many rows a query of it may see, as `--empty` has it; `where`: which, as a batch of event time and
   * `--sample` have it.
   */
  constructor(
    path: RelationPath,
    include: Shown = ALL,
    quote: Shown = ALL,
    limit: RowLimit | null = null,
    where: RowFilter | null = null,
  ) {
    this.database = path.database
    this.schema = path.schema
    this.identifier = path.identifier
    this.type = path.type ?? null
    this.#include = include
    this.#quote = quote
    this.#limit = limit
    this.#where = where
  }

  get name(): string {
    return this.identifier
  }
  get table(): string {
    return this.identifier
  }
  get is_table(): boolean {
    return this.type === 'table'
  }
  get is_view(): boolean {
    return this.type === 'view'
  }
  get is_materialized_view(): boolean {
    return this.type === 'materialized_view'
  }
  get is_cte(): boolean {
    return this.type === 'cte'
  }

  /** The parts that are printed, unquoted. */
  parts(): string[] {
    return PARTS.filter((part) => this.#include[part] && this[part] !== '').map((part) => this[part])
  }

  /** The path for our own statements. */
  sql(): Sql {
    return id(...this.parts())
  }

  /** The path, whatever rows of it a query may see. */
  render(): string {
    return PARTS.filter((part) => this.#include[part] && this[part] !== '')
      .map((part) =>
        this.#quote[part] && this.type !== 'cte' && this.type !== 'external' ? quoted(this[part]) : this[part],
      )
      .join('.')
  }

  /** What stands in a query: the path, or a query of the rows that may be seen. */
  #shown(): string {
    let shown = this.render()
    if (this.#limit !== null) {
      const { count, alias } = this.#limit
      shown = `(select * from ${shown} ${count === 0 ? 'where false limit 0' : `limit ${count}`})${alias}`
    }
    if (this.#where === null) return shown
    return `(select * from ${shown} where ${this.#where.condition})${this.#where.alias}`
  }

  [STR](): string {
    return this.#shown()
  }

  toString(): string {
    return this.#shown()
  }

  [EQUALS](other: unknown): boolean {
    return other instanceof Relation && PARTS.every((part) => this[part] === other[part]) && this.type === other.type
  }

  get [TYPE_NAME](): string {
    return 'Relation'
  }

  get [MAPPING](): boolean {
    return true
  }

  /** What templates read. Parts that are not there are none. */
  [ATTRIBUTE](name: string): unknown {
    if (name === 'database' || name === 'schema' || name === 'identifier') return this[name] === '' ? null : this[name]
    if (name === 'name' || name === 'table') return this.identifier === '' ? null : this.identifier
    const found = MEMBERS[name]
    // As in Python the methods of the class can be called on a relation.
    return found ? found(this) : relationApi[name]
  }

  /** A copy that prints only some parts: `this.include(database=false)`. */
  readonly include: NativeFunction = native('include', ({ kwargs }) => this.#with({ include: flags(kwargs) }))

  /** A copy that quotes only some parts. */
  readonly quote: NativeFunction = native('quote', ({ kwargs }) => this.#with({ quote: flags(kwargs) }))

  /** A copy with another path or type: `this.incorporate(type='table', path={'identifier': 'x'})`. */
  readonly incorporate: NativeFunction = native('incorporate', ({ kwargs }) => {
    const { path, ...rest } = plainData({ ...kwargs }) as Record<string, unknown>
    return this.replaced({ ...(path as object | undefined), ...rest })
  })

  without_identifier(): Relation {
    return this.#with({ include: { identifier: false } })
  }

  /** A view of the information schema of this relation's database: `relation.information_schema('columns')`. */
  information_schema(view?: string | null): string {
    const database = this.database === '' || !this.#include.database ? '' : `${quoted(this.database)}.`
    return `${database}INFORMATION_SCHEMA${view ? `.${view}` : ''}`
  }

  /** A relation beside this one, with another name. */
  named(identifier: string, type: RelationType | null = this.type): Relation {
    return new Relation({ database: this.database, schema: this.schema, identifier, type })
  }

  /** This relation of which a query sees only so many rows. */
  limited(limit: RowLimit): Relation {
    return new Relation(this, this.#include, this.#quote, limit, this.#where)
  }

  /** This relation of which a query sees only the rows that a condition holds for. */
  filtered(where: RowFilter): Relation {
    return new Relation(this, this.#include, this.#quote, this.#limit, where)
  }

  /** A copy with the given parts of the path, type and policies. */
  replaced(given: Readonly<Record<string, unknown>>): Relation {
    const text = (part: (typeof PARTS)[number]): string =>
      given[part] === undefined ? this[part] : given[part] === null ? '' : String(given[part])
    const type = given['type'] === undefined ? this.type : (given['type'] as RelationType | null)
    return new Relation(
      { database: text('database'), schema: text('schema'), identifier: text('identifier'), type },
      { ...this.#include, ...flags((given['include_policy'] ?? {}) as object) },
      { ...this.#quote, ...flags((given['quote_policy'] ?? {}) as object) },
      this.#limit,
      this.#where,
    )
  }

  /** Whether the given parts are this one's. */
  matches(given: Readonly<Record<string, unknown>>): boolean {
    return PARTS.every(
      (part) => given[part] === undefined || given[part] === null || same(String(given[part]), this[part]),
    )
  }

  /** How many rows a query may see, or null for all. */
  get rowLimit(): number | null {
    return this.#limit?.count ?? null
  }

  /** Which parts are printed, and which are quoted. */
  get policies(): { readonly include: Shown; readonly quote: Shown } {
    return { include: this.#include, quote: this.#quote }
  }

  #with(change: { readonly include?: Partial<Shown>; readonly quote?: Partial<Shown> }): Relation {
    const include = { ...this.#include, ...change.include }
    return new Relation(this, include, { ...this.#quote, ...change.quote }, this.#limit, this.#where)
  }
}

const TYPES: Readonly<Record<string, RelationType>> = {
  Table: 'table',
  View: 'view',
  CTE: 'cte',
  MaterializedView: 'materialized_view',
  External: 'external',
  Function: 'function',
}

// NAMEDATALEN of PostgreSQL; DuckDB has no such limit, and its macros do not ask.
const MAX_NAME_LENGTH = 63

/** What templates may read of a relation besides its path. */
const MEMBERS: Readonly<Record<string, (relation: Relation) => unknown>> = {
  type: ({ type }) => type,
  is_table: (relation) => relation.is_table,
  is_view: (relation) => relation.is_view,
  is_cte: (relation) => relation.is_cte,
  is_materialized_view: (relation) => relation.is_materialized_view,
  is_dynamic_table: () => false,
  is_ephemeral: (relation) => relation.is_cte,
  is_pointer: () => false,
  is_function: ({ type }) => type === 'function',
  // Only adapters that say which kinds can be renamed or replaced have any, and dbt-duckdb says none.
  can_be_renamed: () => false,
  relation_max_name_length: () => () => MAX_NAME_LENGTH,
  ...Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [name, () => type])),
  can_be_replaced: () => false,
  dbt_created: () => false,
  quote_character: () => '"',
  require_alias: () => false,
  renameable_relations: () => [],
  replaceable_relations: () => [],
  limit: ({ rowLimit }) => rowLimit,
  event_time_filter: () => null,
  external: ({ type, identifier }) => (type === 'external' ? identifier : null),
  render_event_time_filtered: (relation) => () => relation[STR](),
  path: ({ database, schema, identifier }) => ({
    database: database || null,
    schema: schema || null,
    identifier: identifier || null,
  }),
  include_policy: ({ policies }) => policies.include,
  quote_policy: ({ policies }) => policies.quote,
  include: ({ include }) => include,
  quote: ({ quote }) => quote,
  incorporate: ({ incorporate }) => incorporate,
  replace: (relation) =>
    native('replace', ({ kwargs }) => relation.replaced(plainData({ ...kwargs }) as object as Record<string, unknown>)),
  replace_path: (relation) =>
    native('replace_path', ({ kwargs }) => relation.replaced(plainData({ ...kwargs }) as Record<string, unknown>)),
  matches: (relation) =>
    native('matches', ({ args, kwargs }) => {
      const [database, schema, identifier] = bind('matches', PARTS, args, kwargs)
      return relation.matches({ database, schema, identifier })
    }),
  render: (relation) => () => relation.render(),
  render_limited: (relation) => () => relation.render(),
  without_identifier: (relation) => () => relation.without_identifier(),
  information_schema: (relation) =>
    native('information_schema', ({ args, kwargs }) =>
      relation.information_schema((args[0] ?? kwargs['view_name'] ?? null) as string | null),
    ),
  information_schema_only: (relation) => () => relation.information_schema(),
  quoted: () => quoted,
  to_dict: (relation) => () => ({ path: MEMBERS['path']?.(relation), type: relation.type }),
  get:
    (relation) =>
    (name: string, otherwise: unknown = null): unknown =>
      // How packages tell a relation from other values.
      name === 'metadata' ? { type: 'Relation' } : (relation[ATTRIBUTE](name) ?? otherwise),
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function flags(given: object): Partial<Shown> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, Boolean(value)]))
}

/** A relation of values as templates give them. */
export function relationFrom(given: Readonly<Record<string, unknown>>): Relation {
  return new Relation({ database: '', schema: '', identifier: '' }).replaced({ type: null, ...given })
}

/** `api.Relation` of templates. */
export const relationApi: Readonly<Record<string, unknown>> = {
  ...TYPES,
  get_relation_type: TYPES,
  create: native('create', ({ args, kwargs }) => {
    const named = plainData({ ...kwargs }) as Record<string, unknown>
    const order = ['database', 'schema', 'identifier', 'type'].slice(0, args.length)
    return relationFrom({ ...named, ...Object.fromEntries(order.map((name, index) => [name, plainData(args[index])])) })
  }),
  create_from: native('create_from', ({ args }) => {
    const node = args.at(-1)
    const given = (isMapping(node) ? plainData(node) : node) as Record<string, unknown>
    return relationFrom({
      database: given['database'],
      schema: given['schema'],
      identifier: given['identifier'] ?? given['alias'],
    })
  }),
  create_from_node: native('create_from_node', ({ args }) => {
    const given = args.at(-1) as Record<string, unknown>
    return relationFrom({ database: given['database'], schema: given['schema'], identifier: given['alias'] })
  }),
  from_dict: (given: unknown) => relationFrom(plainData(given) as Record<string, unknown>),
  add_ephemeral_prefix: (name: string) => `__dbt__cte__${name}`,
  // What a snapshot's own key is made of.
  scd_args: (key: unknown, updatedAt: unknown) => [...listed(plainData(key)), updatedAt],
  get_default_quote_policy: () => ALL,
  get_default_include_policy: () => ALL,
}
