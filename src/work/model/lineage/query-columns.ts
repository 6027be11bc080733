import { pivoted } from './pivoted-columns.ts'

/** A column of a relation that a query reads. */
export interface Origin {
  /** The path of the relation as it is written, in lower case: `db.main.orders`. */
  readonly relation: string
  readonly column: string
}

/** A column that a query answers, with the columns its values are made of. */
export interface QueryColumn {
  readonly name: string
  readonly origins: readonly Origin[]
}

/** The columns of a relation in the database; undefined when nobody knows them. */
export type ColumnsOf = (relation: string) => readonly string[] | undefined

/** A part of the tree that DuckDB's json_serialize_sql gives. */
export type SyntaxNode = Readonly<Record<string, unknown>>

/** A relation in the FROM of a query. */
export interface Relation {
  readonly alias: string
  readonly columns: readonly QueryColumn[]
  /** A relation whose columns are not known: any column may be one of it. */
  readonly open?: string
  /** Columns that a join merged into those of its left side. */
  readonly merged?: ReadonlySet<string>
}

type Ctes = ReadonlyMap<string, readonly QueryColumn[]>

/** The columns that a query answers. `tree` is the `node` of a statement. Pure. */
export function queryColumns(tree: SyntaxNode, columnsOf: ColumnsOf): QueryColumn[] {
  return new Analysis(columnsOf).query(tree, new Map(), [])
}

class Analysis {
  readonly #columnsOf: ColumnsOf

  constructor(columnsOf: ColumnsOf) {
    this.#columnsOf = columnsOf
  }

  query(node: SyntaxNode, outer: Ctes, enclosing: readonly Relation[]): QueryColumn[] {
    const ctes = this.#ctes(node, outer, enclosing)
    switch (node['type']) {
      case 'SELECT_NODE':
        return this.#select(node, ctes, enclosing)
      case 'SET_OPERATION_NODE':
        return united(children(node).map((child) => this.query(child, ctes, enclosing)))
      case 'RECURSIVE_CTE_NODE': {
        const name = text(node['cte_name'] ?? node['ctename'])
        const first = this.query(tree(node['left']), ctes, enclosing)
        const again = this.query(tree(node['right']), new Map([...ctes, [name, first]]), enclosing)
        return united([first, again])
      }
      case 'CTE_NODE': {
        const name = text(node['cte_name'] ?? node['ctename'])
        const found = renamed(this.query(queryOf(node['query']), ctes, enclosing), node['aliases'])
        return this.query(tree(node['child']), new Map([...ctes, [name, found]]), enclosing)
      }
      default:
        return []
    }
  }

  #ctes(node: SyntaxNode, outer: Ctes, enclosing: readonly Relation[]): Ctes {
    const entries = list(tree(node['cte_map'])['map'])
    if (entries.length === 0) return outer
    const ctes = new Map(outer)
    for (const entry of entries) {
      const value = tree(entry['value'])
      ctes.set(text(entry['key']), renamed(this.query(queryOf(value['query']), ctes, enclosing), value['aliases']))
    }
    return ctes
  }

  #select(node: SyntaxNode, ctes: Ctes, enclosing: readonly Relation[]): QueryColumn[] {
    const relations = this.#relations(tree(node['from_table']), ctes, enclosing)
    const columns: QueryColumn[] = []
    for (const item of list(node['select_list'])) {
      if (item['class'] === 'STAR') {
        columns.push(...this.#star(item, relations, ctes, enclosing))
        continue
      }
      // An earlier column of the same list may be used by its name.
      const named: Relation = { alias: '', columns }
      const name = String(item['alias'] || lastName(item) || item['function_name'] || 'column')
      columns.push({ name, origins: this.#origins(item, [...relations, named], ctes, enclosing) })
    }
    return columns
  }

  #relations(from: SyntaxNode, ctes: Ctes, enclosing: readonly Relation[]): Relation[] {
    const alias = text(from['alias'])
    switch (from['type']) {
      case 'BASE_TABLE': {
        const path = ['catalog_name', 'schema_name', 'table_name'].map((key) => text(from[key])).filter(Boolean)
        const [last = ''] = path.slice(-1)
        const cte = path.length === 1 ? ctes.get(last) : undefined
        if (cte) return [{ alias: alias || last, columns: renamed(cte, from['column_name_alias']) }]
        const relation = path.join('.')
        const known = this.#columnsOf(relation)
        const columns = (known ?? []).map((column) => ({ name: column, origins: [{ relation, column }] }))
        const open = known ? {} : { open: relation }
        return [{ alias: alias || last, columns: renamed(columns, from['column_name_alias']), ...open }]
      }
      case 'SUBQUERY': {
        const columns = this.query(queryOf(from['subquery']), ctes, enclosing)
        return [{ alias, columns: renamed(columns, from['column_name_alias']) }]
      }
      case 'JOIN': {
        const left = this.#relations(tree(from['left']), ctes, enclosing)
        const right = this.#relations(tree(from['right']), ctes, [...enclosing, ...left])
        // Of these the right side only decides which rows there are.
        if (from['join_type'] === 'SEMI' || from['join_type'] === 'ANTI') return left
        const merged =
          from['ref_type'] === 'NATURAL'
            ? new Set(left.flatMap(({ columns }) => columns.map(({ name }) => name.toLowerCase())))
            : new Set((from['using_columns'] as string[] | undefined)?.map(text) ?? [])
        return [...left, ...right.map((relation) => (merged.size > 0 ? { ...relation, merged } : relation))]
      }
      case 'TABLE_FUNCTION': {
        const called = tree(from['function'])
        const origins = this.#origins(called['children'], [], ctes, enclosing)
        const given = (from['column_name_alias'] as unknown[] | undefined)?.map(String) ?? []
        const names = given.length > 0 ? given : origins.length > 0 ? [text(called['function_name'])] : []
        return [{ alias: alias || text(called['function_name']), columns: names.map((name) => ({ name, origins })) }]
      }
      case 'EXPRESSION_LIST': {
        const rows = (from['values'] as unknown[][] | undefined) ?? []
        const columns = (rows[0] ?? []).map((_, at) => ({
          name: `col${at}`,
          origins: this.#origins(
            rows.map((row) => row[at]),
            [],
            ctes,
            enclosing,
          ),
        }))
        return [{ alias, columns: renamed(columns, from['column_name_alias']) }]
      }
      case 'PIVOT': {
        const source = this.#relations(tree(from['source']), ctes, enclosing)
        const columns = pivoted(from, source, (part) => this.#origins(part, source, ctes, enclosing))
        return [{ alias, columns: renamed(columns, from['column_name_alias']) }]
      }
      case undefined:
      case 'EMPTY':
        return []
      default:
        return [{ alias, columns: [] }]
    }
  }

  #star(item: SyntaxNode, relations: readonly Relation[], ctes: Ctes, enclosing: readonly Relation[]): QueryColumn[] {
    const wanted = text(item['relation_name'])
    const pattern = item['columns'] === true ? tree(tree(item['expr'])['value'])['value'] : undefined
    const matches = typeof pattern === 'string' ? patternOf(pattern) : undefined
    const excluded = new Set((item['exclude_list'] as unknown[] | undefined)?.map(nameIn) ?? [])
    const replaced = new Map(list(item['replace_list']).map((entry) => [nameIn(entry['key']), tree(entry['value'])]))
    const names = new Map(list(item['rename_list']).map((entry) => [nameIn(entry['key']), String(entry['value'])]))
    return relations
      .filter(({ alias }) => wanted === '' || alias === wanted)
      .flatMap(({ columns, merged }) => columns.filter(({ name }) => wanted !== '' || !merged?.has(name.toLowerCase())))
      .filter(({ name }) => !excluded.has(name.toLowerCase()) && (matches?.test(name) ?? true))
      .map((column) => {
        const key = column.name.toLowerCase()
        const instead = replaced.get(key)
        const origins = instead ? this.#origins(instead, relations, ctes, enclosing) : column.origins
        return { name: names.get(key) ?? column.name, origins }
      })
  }

  /** The columns that an expression is made of. */
  #origins(
    expression: unknown,
    relations: readonly Relation[],
    ctes: Ctes,
    enclosing: readonly Relation[],
  ): readonly Origin[] {
    const found = new Map<string, Origin>()
    const add = (origins: readonly Origin[]): void => {
      for (const origin of origins) found.set(`${origin.relation}\0${origin.column.toLowerCase()}`, origin)
    }
    const visit = (part: unknown): void => {
      if (Array.isArray(part)) for (const one of part) visit(one)
      if (typeof part !== 'object' || part === null || Array.isArray(part)) return
      const node = part as SyntaxNode
      if (node['class'] === 'COLUMN_REF')
        add(resolved((node['column_names'] as string[]).map(String), relations, enclosing))
      else if (node['class'] === 'SUBQUERY') {
        const inner = this.query(queryOf(node['subquery']), ctes, [...relations, ...enclosing])
        add(inner.flatMap(({ origins }) => origins))
        visit(node['child'])
      } else for (const value of Object.values(node)) visit(value)
    }
    visit(expression)
    return [...found.values()]
  }
}

/** What a name means among the relations of a query, else among those around it. */
function resolved(
  written: readonly string[],
  relations: readonly Relation[],
  enclosing: readonly Relation[],
): readonly Origin[] {
  const names = written.map((name) => name.toLowerCase())
  for (const scope of [relations, enclosing]) {
    for (let at = names.length - 2; at >= 0; at -= 1) {
      const relation = scope.find(({ alias }) => alias !== '' && alias === names[at])
      const origins = relation && columnIn(relation, names[at + 1] ?? '', written[at + 1] ?? '')
      if (origins) return origins
    }
    const [first = ''] = names
    for (const relation of scope) {
      const column = relation.columns.find(({ name }) => name.toLowerCase() === first)
      if (column) return column.origins
    }
    const open = scope.filter((relation) => relation.open !== undefined)
    const [only] = open
    if (only && open.length === 1) return [{ relation: only.open ?? '', column: written[0] ?? '' }]
  }
  return []
}

function columnIn(relation: Relation, name: string, written: string): readonly Origin[] | undefined {
  const column = relation.columns.find((one) => one.name.toLowerCase() === name)
  if (column) return column.origins
  return relation.open === undefined ? undefined : [{ relation: relation.open, column: written }]
}

/** Columns by their place; the first query names them. */
function united([first = [], ...rest]: readonly (readonly QueryColumn[])[]): QueryColumn[] {
  return first.map(({ name, origins }, at) => ({
    name,
    origins: [...origins, ...rest.flatMap((columns) => columns[at]?.origins ?? [])],
  }))
}

function renamed(columns: readonly QueryColumn[], names: unknown): readonly QueryColumn[] {
  if (!Array.isArray(names) || names.length === 0) return columns
  return columns.map((column, at) => ({ ...column, name: String(names[at] ?? column.name) }))
}

function children(node: SyntaxNode): SyntaxNode[] {
  const given = list(node['children'])
  return given.length > 0 ? given.map(queryOf) : [tree(node['left']), tree(node['right'])]
}

function queryOf(statement: unknown): SyntaxNode {
  const node = tree(statement)
  return 'node' in node ? tree(node['node']) : node
}

function lastName(item: SyntaxNode): string | undefined {
  if (item['class'] === 'COLUMN_REF') return (item['column_names'] as string[]).at(-1)
  return item['class'] === 'CAST' ? lastName(tree(item['child'])) : undefined
}

function nameIn(entry: unknown): string {
  if (typeof entry === 'object' && entry !== null)
    return text((entry as SyntaxNode)['column'] ?? (entry as SyntaxNode)['name'])
  return text(entry)
}

function tree(value: unknown): SyntaxNode {
  return typeof value === 'object' && value !== null ? (value as SyntaxNode) : {}
}

function list(value: unknown): SyntaxNode[] {
  return Array.isArray(value) ? (value as SyntaxNode[]) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** A pattern of DuckDB's RE2; undefined for one that JavaScript writes otherwise, which then matches every name. */
function patternOf(written: string): RegExp | undefined {
  try {
    return new RegExp(written.replace(/^\(\?i\)/, ''), written.startsWith('(?i)') ? 'i' : '')
  } catch {
    return undefined
  }
}
